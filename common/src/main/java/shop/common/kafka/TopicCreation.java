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
 * Creates the topics that a service needs before its consumers and streams start. One that is there
 * and would keep less than it must is changed, with a warning; one whose partition count is another
 * is refused.
 */
final class TopicCreation implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(TopicCreation.class);

  private final Map<String, Object> client;
  private final List<Topic> topics;
  private final KafkaSettings settings;
  private volatile boolean running;

  TopicCreation(Map<String, Object> client, RequiredTopics required, KafkaSettings settings) {
    this.client = withTimeout(client, settings.startTimeout());
    this.topics = required.topics();
    this.settings = settings;
  }

  @Override
  public void start() {
    try (var admin = Admin.create(client)) {
      create(admin);
      check(admin);
      strengthen(admin);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while creating topics", e);
    }
    running = true;
  }

  private void create(Admin admin) throws InterruptedException {
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

  private void check(Admin admin) throws InterruptedException {
    var names = topics.stream().map(Topic::name).toList();
    Map<String, TopicDescription> found =
        ask("Topics cannot be described", () -> admin.describeTopics(names).allTopicNames());
    for (var topic : topics) {
      int partitions = requireNonNull(found.get(topic.name())).partitions().size();
      if (partitions != topic.partitions()) {
        throw new IllegalStateException(
            "Topic %s has %d partitions, not %d. Keys would change their partition: copy it to a new topic instead"
                .formatted(topic.name(), partitions, topic.partitions()));
      }
    }
  }

  /** Who was there first, an administrator or an older version, may have meant less. */
  private void strengthen(Admin admin) throws InterruptedException {
    var resources = topics.stream().map(TopicCreation::resource).toList();
    Map<ConfigResource, Config> found =
        ask("Settings of topics cannot be read", () -> admin.describeConfigs(resources).all());
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    for (var topic : topics) {
      var present = requireNonNull(found.get(resource(topic)));
      topic
          .lacking(setting -> present.get(setting).value())
          .forEach((setting, value) -> {
            log.warn(
                "Topic {} has {}={} and is given {}",
                topic.name(),
                setting,
                present.get(setting).value(),
                value);
            changes
                .computeIfAbsent(resource(topic), _ -> new ArrayList<>())
                .add(new AlterConfigOp(new ConfigEntry(setting, value), OpType.SET));
          });
    }
    if (!changes.isEmpty()) {
      ask(
          "Settings of topics cannot be changed; give them what is said above by kafka-configs",
          () -> admin.incrementalAlterConfigs(changes).all());
    }
  }

  private static ConfigResource resource(Topic topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
  }

  /** Asks until the broker that answers has heard of all topics. */
  private <T> T ask(String otherwise, Supplier<KafkaFuture<T>> question)
      throws InterruptedException {
    var deadline = System.nanoTime() + settings.startTimeout().toNanos();
    while (true) {
      try {
        return await(question.get());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > deadline) {
          throw new IllegalStateException(otherwise + ": " + e.getCause(), e);
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  /** The client gives up by itself after the start's timeout. */
  private <T> T await(KafkaFuture<T> future) throws InterruptedException, ExecutionException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new IllegalStateException(
            "No Kafka broker answers at %s within %s. Start it, or set KAFKA_BOOTSTRAP_SERVERS"
                .formatted(
                    client.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG),
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

  /** Before every consumer and every Streams application. */
  @Override
  public int getPhase() {
    return Phases.PRECONDITIONS;
  }

  private static Map<String, Object> withTimeout(Map<String, Object> client, Duration timeout) {
    var all = new HashMap<>(client);
    int millis = (int) timeout.toMillis();
    all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(millis, 10_000));
    return all;
  }
}
