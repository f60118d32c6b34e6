package shop.common.kafka;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import shop.common.lifecycle.Phases;

/**
 * Creates the topics of a service before its consumers and Kafka Streams applications start. The
 * settings of an existing topic are corrected, with a warning, if they are insufficient. An
 * existing topic with another partition count prevents the start.
 */
final class TopicCreation implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(TopicCreation.class);

  private final Map<String, Object> clientSettings;
  private final List<Topic> topics;
  private final KafkaSettings settings;
  private volatile boolean running;

  TopicCreation(
      Map<String, Object> clientSettings, RequiredTopics required, KafkaSettings settings) {
    this.clientSettings = withTimeout(clientSettings, settings.startTimeout());
    this.topics = required.topics();
    this.settings = settings;
  }

  @Override
  public void start() {
    try (var admin = Admin.create(clientSettings)) {
      createTopics(admin);
      checkPartitionCounts(admin);
      correctSettings(admin);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while creating topics", e);
    }
    running = true;
  }

  private void createTopics(Admin admin) throws InterruptedException {
    var creations =
        admin.createTopics(
            topics.stream()
                .map(topic ->
                    topic.toNewTopic(
                        (short) settings.replicationFactor(), settings.minInsyncReplicas()))
                .toList());
    for (var creation : creations.values().entrySet()) {
      try {
        await(creation.getValue());
        log.info("Created topic {}", creation.getKey());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw new IllegalStateException(
              "Topic " + creation.getKey() + " could not be created: " + e.getCause(), e);
        }
      }
    }
  }

  private void checkPartitionCounts(Admin admin) throws InterruptedException {
    var names = topics.stream().map(Topic::name).toList();
    Map<String, TopicDescription> descriptions =
        callWithRetry(
            "Topics cannot be described", () -> admin.describeTopics(names).allTopicNames());
    for (var topic : topics) {
      int partitions = requireNonNull(descriptions.get(topic.name())).partitions().size();
      if (partitions != topic.partitions()) {
        throw new IllegalStateException(
            "Topic %s has %d partitions, not %d. Changing the number would move keys to other partitions; copy it to a new topic instead"
                .formatted(topic.name(), partitions, topic.partitions()));
      }
    }
  }

  /** An administrator or an older version may have created a topic with insufficient settings. */
  private void correctSettings(Admin admin) throws InterruptedException {
    var resources = topics.stream().map(TopicCreation::resource).toList();
    Map<ConfigResource, Config> configs =
        callWithRetry(
            "Topic settings cannot be read", () -> admin.describeConfigs(resources).all());
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    for (var topic : topics) {
      var current = requireNonNull(configs.get(resource(topic)));
      topic
          .settingsToCorrect(setting -> current.get(setting).value())
          .forEach((setting, value) -> {
            log.warn(
                "Topic {} has {}={}; changing it to {}",
                topic.name(),
                setting,
                current.get(setting).value(),
                value);
            changes
                .computeIfAbsent(resource(topic), _ -> new ArrayList<>())
                .add(new AlterConfigOp(new ConfigEntry(setting, value), OpType.SET));
          });
    }
    if (!changes.isEmpty()) {
      callWithRetry(
          "Topic settings cannot be changed; change those logged above with kafka-configs",
          () -> admin.incrementalAlterConfigs(changes).all());
    }
  }

  private static ConfigResource resource(Topic topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
  }

  /** Retries retriable errors: a broker may not know a topic that has just been created. */
  private <T> T callWithRetry(String failureMessage, Supplier<KafkaFuture<T>> call)
      throws InterruptedException {
    var deadline = System.nanoTime() + settings.startTimeout().toNanos();
    while (true) {
      try {
        return await(call.get());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > deadline) {
          throw new IllegalStateException(failureMessage + ": " + e.getCause(), e);
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  /** Needs no timeout of its own: the client's is the start timeout. */
  private <T> T await(KafkaFuture<T> future) throws InterruptedException, ExecutionException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new IllegalStateException(
            "No Kafka broker responds at %s within %s. Start one, or set KAFKA_BOOTSTRAP_SERVERS"
                .formatted(
                    clientSettings.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG),
                    settings.startTimeout()),
            e);
      }
      throw e;
    }
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Starts before every consumer and every Kafka Streams application. */
  @Override
  public int getPhase() {
    return Phases.PRECONDITIONS;
  }

  private static Map<String, Object> withTimeout(
      Map<String, Object> clientSettings, Duration timeout) {
    var all = new HashMap<>(clientSettings);
    int millis = (int) timeout.toMillis();
    all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(millis, 10_000));
    return all;
  }
}
