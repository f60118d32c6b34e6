package shop.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import shop.local.broker.Broker;
import shop.local.broker.KafkaBroker;
import shop.local.broker.MailServer;
import shop.local.broker.RabbitBroker;
import shop.local.broker.RedisServer;
import shop.local.mail.Mail;
import shop.local.os.Failure;
import shop.local.os.OsProcess;
import shop.local.os.Probe;
import shop.local.os.Repository;
import shop.local.os.Watchdog;

/** Brokers, sandbox and services as processes of this machine; they stay until they are stopped. */
public final class Platform implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
  private static final int OK = 200;

  private final Plan plan;
  private final Layout layout;
  private final Secrets secrets;
  private final ConsoleProgress progress;
  private final KafkaBroker kafka;
  private final RedisServer redis;
  private final RabbitBroker rabbit;
  private final MailServer mail;
  private final Map<String, OsProcess> services = new ConcurrentHashMap<>();
  private final ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PROBE_TIMEOUT).build();

  Platform(PlatformOptions options, ConsoleProgress progress) {
    this.plan = new Plan(options);
    this.layout = new Layout(options.dataDir());
    this.secrets = new Secrets(layout.secrets());
    this.progress = progress;
    this.kafka = new KafkaBroker(layout.place("kafka"), plan.kafka(), options.kafkaProxyPort());
    this.redis = new RedisServer(layout.place("redis"), plan.redis(), secrets.redisPassword());
    this.rabbit = new RabbitBroker(layout.place("rabbitmq"), plan.rabbit());
    this.mail = new MailServer(layout.place("mail"), plan.smtp(), plan.mailPage());
  }

  /**
   * A platform for tests, from jars that Maven has built; it ends with this JVM at the latest.
   *
   * @throws Failure in one clear sentence, with nothing left running
   */
  public static Platform start(PlatformOptions options) {
    AppImages.extractStale();
    var platform = new Platform(options, ConsoleProgress.silent());
    Watchdog.guard(platform.layout.run());
    Shutdown.run(platform.layout);
    Preflight.check(platform.plan);
    try {
      platform.startAll();
    } catch (Failure failure) {
      platform.close();
      throw failure;
    }
    return platform;
  }

  /** Trains the services, so that they start in a fraction of the time; takes about a minute. */
  public static void prepareFastStarts() {
    AppImages.prepare(ConsoleProgress.silent());
  }

  /** Starts everything and returns when all of it is ready, or at the first failure. */
  void startAll() {
    var environment = new Environment(plan, layout, secrets, rabbit.endpoint());
    var starts = new StartTasks(starters, progress);
    for (var broker : List.<Broker>of(kafka, redis, rabbit, mail)) {
      starts.submit(broker.name(), broker::start);
    }
    // Before these two are there, services would only take the processor from them.
    starts.await(Set.of(kafka.name(), redis.name()));
    for (var wave : plan.waves()) {
      wave.forEach(instance -> starts.submit(instance.name(), () -> start(instance, environment)));
      starts.awaitAll();
    }
  }

  private void start(ServiceInstance instance, Environment environment) {
    var service = instance.service();
    var command = new ArrayList<String>();
    command.add(Repository.java());
    command.addAll(service.jvmOptions());
    if (Files.exists(service.cache())) {
      command.add("-XX:AOTCache=" + service.cache());
    }
    command.addAll(List.of("-jar", service.name() + ".jar"));
    var process =
        OsProcess.start(
            layout.place(instance.name()), service.app(), environment.of(instance), command);
    services.put(instance.name(), process);
    Probe.await(process, START_LIMIT, () -> ready(instance.readiness()));
  }

  private boolean ready(URI readiness) throws IOException {
    try {
      var request = HttpRequest.newBuilder(readiness).timeout(PROBE_TIMEOUT).build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == OK;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Where customers and admins call. */
  public URI gatewayUrl() {
    return URI.create(plan.gateway());
  }

  /** Where the payment sandbox shows its ledger and takes its faults. */
  public URI sandboxUrl() {
    return URI.create(plan.sandbox());
  }

  public String kafkaBootstrapServers() {
    return kafka.bootstrapServers();
  }

  public RedisServer redis() {
    return redis;
  }

  public KafkaBroker kafka() {
    return kafka;
  }

  public RabbitBroker rabbit() {
    return rabbit;
  }

  /** The key that payment-service and the sandbox share. */
  public String pspApiKey() {
    return secrets.pspApiKey();
  }

  /** The password of {@code customer@shop.test} and {@code admin@shop.test}. */
  public String demoPassword() {
    return secrets.demoPassword();
  }

  /** All mails that were sent, newest first. */
  public List<Mail> mails() {
    return mail.mails();
  }

  MailServer mail() {
    return mail;
  }

  Plan plan() {
    return plan;
  }

  Layout layout() {
    return layout;
  }

  /** Kills an instance, counted from 0, at once (SIGKILL). */
  public void kill(String service, int instance) {
    process(service, instance).kill();
  }

  /** Freezes an instance (SIGSTOP) until it is thawed. */
  public void freeze(String service, int instance) {
    process(service, instance).freeze();
  }

  /** Lets a frozen instance go on. */
  public void thaw(String service, int instance) {
    process(service, instance).thaw();
  }

  public boolean runs(String service, int instance) {
    var process = services.get(instance(service, instance).name());
    return process != null && process.alive();
  }

  /** The base URL of one instance, past the gateway. */
  public URI url(String service, int instance) {
    return URI.create(instance(service, instance).url());
  }

  /** What an instance has logged. */
  public Path log(String service, int instance) {
    return layout.place(instance(service, instance).name()).log();
  }

  /** The folder where a broker keeps its data. */
  public Path data(String broker) {
    return layout.place(broker).data();
  }

  /** Starts an instance that was killed again and waits until it is ready. */
  public void restart(String service, int instance) {
    start(instance(service, instance), new Environment(plan, layout, secrets, rabbit.endpoint()));
  }

  private ServiceInstance instance(String service, int number) {
    return plan.instances(ServiceSpec.named(service)).get(number);
  }

  private OsProcess process(String service, int instance) {
    var name = instance(service, instance).name();
    var process = services.get(name);
    if (process == null || !process.alive()) {
      throw new IllegalStateException(name + " does not run");
    }
    return process;
  }

  /** The processes that have ended though nobody stopped them. */
  List<OsProcess> fallen() {
    return services.values().stream().filter(process -> !process.alive()).toList();
  }

  /** Stops everything: services first, brokers last. */
  public void stop() {
    starters.shutdownNow();
    Shutdown.run(layout);
  }

  @Override
  public void close() {
    stop();
    http.close();
  }
}
