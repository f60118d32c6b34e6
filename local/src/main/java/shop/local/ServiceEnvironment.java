package shop.local;

import java.util.LinkedHashMap;
import java.util.Map;
import shop.local.broker.DatabaseSchemas;
import shop.local.broker.RabbitEndpoint;
import shop.local.os.Ports;

/** The environment variables with which services are started; application.yml has their names. */
record ServiceEnvironment(
    PlatformTopology topology,
    DataFolders folders,
    Secrets secrets,
    RabbitEndpoint rabbit,
    DatabaseSchemas database) {

  /** Of limits of requests: the few accounts of a load test, all of one address, stand for many. */
  private static final String LOAD_TEST_FACTOR = "1000";

  /** Calls a second that are never reached. */
  private static final String UNLIMITED = "100000";

  Map<String, String> variables(ServiceInstance instance) {
    var variables = defaults(instance);
    variables.putAll(topology.options().environmentOf(instance.service()));
    return variables;
  }

  private Map<String, String> defaults(ServiceInstance instance) {
    var variables = new LinkedHashMap<String, String>();
    variables.put("PORT", String.valueOf(instance.port()));
    variables.put("SHOP_BIND", Ports.LOCALHOST);
    variables.put(
        "STATE_DIR",
        folders.data().resolve(instance.service().name() + "-" + instance.index()).toString());
    if (instance.service().equals(ServiceSpec.SANDBOX)) {
      variables.put("SANDBOX_API_KEY", secrets.pspApiKey());
      variables.put("SANDBOX_DATA_DIR", folders.data().resolve("sandbox").toString());
      return variables;
    }
    // With one instance, nobody could take over the requests.
    variables.put(
        "SHUTDOWN_DELAY", topology.options().instancesOf(instance.service()) > 1 ? "3s" : "0s");
    addBrokers(variables);
    addDatabase(variables, instance.service().schema());
    variables.put("JWKS_URI", topology.gatewayUrl() + "/.well-known/jwks.json");
    if (instance.service().equals(ServiceSpec.GATEWAY)) {
      addGateway(variables);
    }
    if (instance.service().name().equals("payment-service")) {
      variables.put("PSP_BASE", topology.sandboxUrl());
      variables.put("PSP_API_KEY", secrets.pspApiKey());
      // The sandbox has no limits here; with those of the real provider, 20 orders/s are paid.
      variables.put("PSP_CALLS_PER_SECOND", UNLIMITED);
      variables.put("PSP_ENDPOINT_CALLS_PER_SECOND", UNLIMITED);
    }
    return variables;
  }

  private void addBrokers(Map<String, String> variables) {
    variables.put("KAFKA_BOOTSTRAP_SERVERS", Ports.LOCALHOST + ":" + topology.kafkaPort());
    variables.put("KAFKA_REPLICATION_FACTOR", "1");
    variables.put("KAFKA_MIN_INSYNC_REPLICAS", "1");
    variables.put("REDIS_HOST", Ports.LOCALHOST);
    variables.put("REDIS_PORT", String.valueOf(topology.redisPort()));
    variables.put("REDIS_PASSWORD", secrets.redisPassword());
    variables.put("RABBITMQ_HOST", rabbit.host());
    variables.put("RABBITMQ_PORT", String.valueOf(rabbit.port()));
    variables.put("RABBITMQ_USER", rabbit.user());
    variables.put("RABBITMQ_PASSWORD", rabbit.password());
    variables.put("SMTP_HOST", Ports.LOCALHOST);
    variables.put("SMTP_PORT", String.valueOf(topology.smtpPort()));
  }

  private void addDatabase(Map<String, String> variables, String schema) {
    if (!schema.isEmpty()) {
      var endpoint = database.endpoint(schema);
      variables.put("DATABASE_URL", endpoint.url());
      variables.put("DATABASE_USER", endpoint.user());
      variables.put("DATABASE_PASSWORD", endpoint.password());
    }
  }

  private void addGateway(Map<String, String> variables) {
    variables.put("SESSIONS_REDIS_HOST", Ports.LOCALHOST);
    variables.put("SESSIONS_REDIS_PORT", String.valueOf(topology.sessionsRedisPort()));
    variables.put("SESSIONS_REDIS_PASSWORD", secrets.redisPassword());
    variables.put("RATE_LIMIT_FACTOR", LOAD_TEST_FACTOR);
    variables.put("AUTH_KEYS_DIR", secrets.authKeys().toString());
    if (topology.options().tls()) {
      variables.put("TLS_CERTIFICATE", folders.certificate().certificate().toString());
      variables.put("TLS_PRIVATE_KEY", folders.certificate().privateKey().toString());
      // Browsers would refuse plain HTTP on every other port of this machine.
      variables.put("HSTS_MAX_AGE", "0");
    }
    variables.put("SHOP_SEED_CUSTOMER", Platform.DEMO_CUSTOMER);
    variables.put("SHOP_SEED_ADMIN", Platform.DEMO_ADMIN);
    variables.put("SHOP_SEED_PASSWORD", secrets.demoPassword());
    for (var service : ServiceSpec.ALL) {
      if (service.name().endsWith("-service")) {
        variables.put(
            service.name().toUpperCase(java.util.Locale.ROOT).replace('-', '_') + "_URLS",
            topology.urls(service.name()));
      }
    }
  }
}
