package shop.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import shop.local.broker.Broker;
import shop.local.broker.DatabaseSchemas;
import shop.local.broker.KafkaBroker;
import shop.local.broker.MailServer;
import shop.local.broker.PostgresServer;
import shop.local.broker.RabbitBroker;
import shop.local.broker.RedisServer;
import shop.local.mail.Mail;
import shop.local.os.AotCache;
import shop.local.os.LaunchException;
import shop.local.os.OsProcess;
import shop.local.os.Probe;
import shop.local.os.Watchdog;

/** Brokers, payment sandbox and services as processes on this machine, until they are stopped. */
public final class Platform implements AutoCloseable {
  public static final String DEMO_CUSTOMER = "customer@shop.test";
  public static final String DEMO_ADMIN = "admin@shop.test";

  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration STOP_GRACE = Duration.ofSeconds(30);
  private static final Duration RECORDING_GRACE = Duration.ofMinutes(2);
  private static final int OK = 200;

  private final Apps apps;
  private final PlatformTopology topology;
  private final DataFolders folders;
  private final Secrets secrets;
  private final StartListener progress;
  private final KafkaBroker kafka;
  private final RedisServer redis;
  private final RedisServer sessions;
  private final RabbitBroker rabbit;
  private final MailServer mail;
  private final Optional<PostgresServer> postgres;
  private final DatabaseSchemas database;
  private final Map<String, OsProcess> services = new ConcurrentHashMap<>();
  private final SpawnGate gate = new SpawnGate();
  private final ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;

  /** A platform that has not been started; {@link #startAll} starts it. */
  public Platform(PlatformOptions options, StartListener progress) {
    this(options, progress, new LocalApps(AotCache.Mode.USE), AotCache.Mode.USE);
  }

  /**
   * The same with other commands for the services.
   *
   * @param kafkaCache whether Kafka uses or records its AOT cache
   */
  Platform(PlatformOptions options, StartListener progress, Apps apps, AotCache.Mode kafkaCache) {
    this.apps = apps;
    this.topology = new PlatformTopology(options);
    this.folders = new DataFolders(options.dataDir());
    this.secrets = new Secrets(folders.secrets());
    if (options.tls()) {
      folders.certificate().ensure(InstantSource.system());
    }
    this.http = httpClient().connectTimeout(PROBE_TIMEOUT).build();
    this.progress = progress;
    this.kafka =
        new KafkaBroker(
            folders.processFiles("kafka"),
            topology.kafkaPort(),
            options.kafkaProxyPort(),
            kafkaCache);
    this.redis =
        new RedisServer(
            folders.processFiles("redis"), topology.redisPort(), secrets.redisPassword());
    this.sessions =
        new RedisServer(
            folders.processFiles("redis-sessions"),
            topology.sessionsRedisPort(),
            secrets.redisPassword(),
            "256mb");
    this.rabbit = new RabbitBroker(folders.processFiles("rabbitmq"), topology.rabbitPort());
    this.mail =
        new MailServer(folders.processFiles("mail"), topology.smtpPort(), topology.mailPagePort());
    this.postgres =
        options.databaseUrl().isEmpty() ? Optional.of(newPostgres(options)) : Optional.empty();
    this.database =
        postgres
            .map(PostgresServer::schemas)
            .orElseGet(
                () -> DatabaseSchemas.given(options.databaseUrl(), secrets::databasePassword));
  }

  private PostgresServer newPostgres(PlatformOptions options) {
    return new PostgresServer(
        folders.processFiles("postgres"),
        topology.postgresPort(),
        secrets::databasePassword,
        options.postgresLauncher());
  }

  /**
   * Starts a platform for tests, from jars that Maven has built. It ends with this JVM at the
   * latest.
   *
   * @throws LaunchException if a start fails; no process is left running
   */
  public static Platform start(PlatformOptions options) {
    AppImages.extractStale();
    var platform = new Platform(options, StartListener.SILENT);
    Watchdog.guard(platform.folders.run());
    Shutdown.run(platform.folders);
    Preflight.check(platform.topology);
    try {
      platform.startAll();
    } catch (LaunchException failure) {
      platform.close();
      throw failure;
    }
    return platform;
  }

  /**
   * Starts everything, and returns when all of it is ready.
   *
   * @throws LaunchException at the first start that fails; the other processes keep running
   */
  public void startAll() {
    var environment = environment();
    var starts = new StartTasks(starters, progress);
    for (var broker : brokers()) {
      starts.submit(broker.name(), () -> start(broker));
    }
    if (postgres.isEmpty()) {
      starts.submit("postgres", database::require);
    }
    // Services that start before these are ready would only slow them down.
    starts.await(Set.of(kafka.name(), redis.name(), sessions.name(), "postgres"));
    for (var wave : topology.waves()) {
      wave.forEach(instance -> starts.submit(instance.name(), () -> start(instance, environment)));
      starts.awaitAll();
    }
  }

  private ServiceEnvironment environment() {
    return new ServiceEnvironment(topology, folders, secrets, rabbit.endpoint(), database);
  }

  private void start(Broker broker) {
    gate.spawn(broker::spawn);
    broker.awaitReady();
  }

  private void start(ServiceInstance instance, ServiceEnvironment environment) {
    gate.spawn(() -> spawn(instance, environment));
    var process = process(instance);
    Probe.await(process, START_TIMEOUT, () -> ready(instance.readiness()));
  }

  private void spawn(ServiceInstance instance, ServiceEnvironment environment) {
    var service = instance.service();
    // Services read the keys that the gateway publishes.
    var options = certificate().map(LocalCertificate::trustOptions).orElse(List.of());
    var process =
        OsProcess.start(
            folders.processFiles(instance.name()),
            apps.folder(service),
            environment.variables(instance),
            apps.command(service, options));
    services.put(instance.name(), process);
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

  /** The base URL of the API for customers and admins, at the first gateway. */
  public URI gatewayUrl() {
    return URI.create(topology.gatewayUrl());
  }

  /** The base URLs of all gateways; every one serves every request. */
  public List<URI> gatewayUrls() {
    return topology.instances(ServiceSpec.GATEWAY).stream()
        .map(gateway -> URI.create(gateway.url()))
        .toList();
  }

  /** The certificate of the gateways, if they serve TLS. */
  public Optional<LocalCertificate> certificate() {
    return topology.options().tls() ? Optional.of(folders.certificate()) : Optional.empty();
  }

  /** A client that trusts the certificate of the gateways, if they serve TLS. */
  public HttpClient.Builder httpClient() {
    return certificate().map(LocalCertificate::client).orElseGet(HttpClient::newBuilder);
  }

  /** The base URL of the payment sandbox, with its ledger and its fault rules. */
  public URI sandboxUrl() {
    return URI.create(topology.sandboxUrl());
  }

  public String kafkaBootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** The Redis of orders. */
  public RedisServer redis() {
    return redis;
  }

  /** The Redis of the gateway: sessions, registrations, rate limits. */
  public RedisServer sessionsRedis() {
    return sessions;
  }

  public KafkaBroker kafka() {
    return kafka;
  }

  public RabbitBroker rabbit() {
    return rabbit;
  }

  /**
   * The PostgreSQL that this platform started.
   *
   * @throws java.util.NoSuchElementException if another one was given
   */
  public PostgresServer postgres() {
    return postgres.orElseThrow();
  }

  /** The schemas of the services. */
  public DatabaseSchemas database() {
    return database;
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

  public MailServer mail() {
    return mail;
  }

  public DataFolders folders() {
    return folders;
  }

  /** Kills an instance, counted from 0, at once (SIGKILL). */
  public void kill(String service, int instance) {
    process(service, instance).kill();
  }

  /** Stops an instance gracefully (SIGTERM), and returns when it has exited. */
  public void stop(String service, int instance) {
    process(service, instance).stop(STOP_GRACE);
  }

  /** Suspends an instance (SIGSTOP) until it is thawed. */
  public void freeze(String service, int instance) {
    process(service, instance).freeze();
  }

  /** Resumes a frozen instance (SIGCONT). */
  public void thaw(String service, int instance) {
    process(service, instance).thaw();
  }

  public boolean runs(String service, int instance) {
    var process = services.get(instance(service, instance).name());
    return process != null && process.alive();
  }

  /** The base URL of one instance, for requests that bypass the gateway. */
  public URI url(String service, int instance) {
    return URI.create(instance(service, instance).url());
  }

  /** The base URL of an instance's actuator. */
  public URI managementUrl(String service, int instance) {
    return URI.create(instance(service, instance).managementUrl());
  }

  /** The log file of an instance. */
  public Path log(String service, int instance) {
    return folders.processFiles(instance(service, instance).name()).log();
  }

  /** The data folder of a broker. */
  public Path data(String broker) {
    return folders.processFiles(broker).data();
  }

  /** Starts an instance again after it was killed, and waits until it is ready. */
  public void restart(String service, int instance) {
    start(instance(service, instance), environment());
  }

  private ServiceInstance instance(String service, int number) {
    return topology.instances(ServiceSpec.byName(service)).get(number);
  }

  private OsProcess process(String service, int instance) {
    var process = process(instance(service, instance));
    if (!process.alive()) {
      throw new IllegalStateException(process.name() + " is not running");
    }
    return process;
  }

  private OsProcess process(ServiceInstance instance) {
    var process = services.get(instance.name());
    if (process == null) {
      throw new IllegalStateException(instance.name() + " is not running");
    }
    return process;
  }

  /** Takes over the processes that another launcher started with the same options. */
  public void adopt() {
    brokers().forEach(Broker::adopt);
    for (var instance : topology.services()) {
      OsProcess.find(folders.processFiles(instance.name()))
          .ifPresent(process -> services.put(instance.name(), process));
    }
  }

  /**
   * Restarts from now on what exits, whenever its {@link Supervisor#check} is called.
   *
   * @param messages receives what happens, in sentences
   */
  public Supervisor supervise(Consumer<String> messages) {
    var components = new ArrayList<Component>();
    brokers().forEach(broker -> components.add(new BrokerComponent(broker)));
    topology.services().forEach(instance -> components.add(new ServiceComponent(instance)));
    return new Supervisor(
        components,
        RestartPolicy.DEFAULT,
        folders.supervision(),
        messages,
        starters,
        InstantSource.system(),
        RandomGenerator.getDefault());
  }

  private List<Broker> brokers() {
    var brokers = new ArrayList<Broker>(List.of(kafka, redis, sessions, rabbit));
    postgres.ifPresent(brokers::add);
    brokers.add(mail);
    return brokers;
  }

  private final class BrokerComponent implements Component {
    private final Broker broker;

    BrokerComponent(Broker broker) {
      this.broker = broker;
    }

    @Override
    public String name() {
      return broker.name();
    }

    @Override
    public List<Integer> ports() {
      return topology.portsOf(broker);
    }

    @Override
    public boolean alive() {
      return broker.running();
    }

    @Override
    public void start() {
      Platform.this.start(broker);
    }

    @Override
    public String logTail(int lines) {
      return broker.logTail(lines);
    }
  }

  private final class ServiceComponent implements Component {
    private final ServiceInstance instance;

    ServiceComponent(ServiceInstance instance) {
      this.instance = instance;
    }

    @Override
    public String name() {
      return instance.name();
    }

    @Override
    public List<Integer> ports() {
      return instance.ports();
    }

    @Override
    public boolean alive() {
      var process = services.get(instance.name());
      return process != null && process.alive();
    }

    @Override
    public void start() {
      Platform.this.start(instance, environment());
    }

    @Override
    public String logTail(int lines) {
      return OsProcess.logTail(folders.processFiles(instance.name()), lines);
    }
  }

  /**
   * The processes that run without the AOT cache that the training run records, for example because
   * it is damaged.
   */
  public List<OsProcess> processesWithoutAotCache() {
    return aotCaches().entrySet().stream()
        .filter(entry -> !entry.getValue().isUsedBy(entry.getKey()).orElse(true))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Deletes the AOT caches that {@link #processesWithoutAotCache} do not use. */
  public void discardUnusedAotCaches() {
    var without = processesWithoutAotCache();
    aotCaches()
        .forEach((process, cache) -> {
          if (without.contains(process)) {
            cache.delete();
          }
        });
  }

  private Map<OsProcess, AotCache> aotCaches() {
    var caches = new LinkedHashMap<OsProcess, AotCache>();
    for (var instance : topology.services()) {
      caches.put(process(instance), instance.service().aotCache());
    }
    caches.put(kafka.process(), KafkaBroker.aotCache());
    return caches;
  }

  /** The services whose processes have exited although they were not stopped. */
  public List<OsProcess> exitedServices() {
    return services.values().stream().filter(process -> !process.alive()).toList();
  }

  /** Stops everything: services first, then the brokers. Nothing is started any more. */
  public void stop() {
    gate.close();
    starters.shutdownNow();
    Shutdown.run(folders);
  }

  /**
   * Stops a platform that records AOT caches. Each JVM writes its cache while it exits, which takes
   * a core and half a gigabyte, so only two do it at a time.
   */
  void stopRecording() {
    gate.close();
    Shutdown.inPairs(folders, RECORDING_GRACE);
  }

  @Override
  public void close() {
    stop();
    http.close();
  }
}
