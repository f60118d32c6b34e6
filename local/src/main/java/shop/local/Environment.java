package shop.local;

import java.util.LinkedHashMap;
import java.util.Map;
import shop.local.broker.RabbitEndpoint;
import shop.local.os.Ports;

/** The environment variables a service is started with: the names in its application.yml. */
record Environment(Plan plan, Layout layout, Secrets secrets, RabbitEndpoint rabbit) {
  static final String CUSTOMER = "customer@shop.test";
  static final String ADMIN = "admin@shop.test";

  Map<String, String> of(ServiceInstance instance) {
    var variables = usual(instance);
    variables.putAll(plan.options().environmentOf(instance.service()));
    return variables;
  }

  private Map<String, String> usual(ServiceInstance instance) {
    var variables = new LinkedHashMap<String, String>();
    variables.put("PORT", String.valueOf(instance.port()));
    variables.put("SHOP_BIND", Ports.LOCALHOST);
    variables.put(
        "STATE_DIR",
        layout.data().resolve(instance.service().name() + "-" + instance.index()).toString());
    if (instance.service().equals(ServiceSpec.SANDBOX)) {
      variables.put("SANDBOX_API_KEY", secrets.pspApiKey());
      variables.put("SANDBOX_DATA_DIR", layout.data().resolve("sandbox").toString());
      return variables;
    }
    brokers(variables);
    variables.put("JWKS_URI", plan.gateway() + "/.well-known/jwks.json");
    if (instance.service().equals(ServiceSpec.GATEWAY)) {
      gateway(variables);
    }
    if (instance.service().name().equals("payment-service")) {
      variables.put("PSP_BASE", plan.sandbox());
      variables.put("PSP_API_KEY", secrets.pspApiKey());
    }
    return variables;
  }

  private void brokers(Map<String, String> variables) {
    variables.put("KAFKA_BOOTSTRAP_SERVERS", Ports.LOCALHOST + ":" + plan.kafka());
    variables.put("KAFKA_REPLICATION_FACTOR", "1");
    variables.put("KAFKA_MIN_INSYNC_REPLICAS", "1");
    variables.put("REDIS_HOST", Ports.LOCALHOST);
    variables.put("REDIS_PORT", String.valueOf(plan.redis()));
    variables.put("REDIS_PASSWORD", secrets.redisPassword());
    variables.put("RABBITMQ_HOST", rabbit.host());
    variables.put("RABBITMQ_PORT", String.valueOf(rabbit.port()));
    variables.put("RABBITMQ_USER", rabbit.user());
    variables.put("RABBITMQ_PASSWORD", rabbit.password());
    variables.put("SMTP_HOST", Ports.LOCALHOST);
    variables.put("SMTP_PORT", String.valueOf(plan.smtp()));
  }

  private void gateway(Map<String, String> variables) {
    variables.put("AUTH_KEYS_DIR", secrets.authKeys().toString());
    variables.put("SHOP_SEED_CUSTOMER", CUSTOMER);
    variables.put("SHOP_SEED_ADMIN", ADMIN);
    variables.put("SHOP_SEED_PASSWORD", secrets.demoPassword());
    for (var service : ServiceSpec.ALL) {
      if (service.name().endsWith("-service")) {
        variables.put(
            service.name().toUpperCase(java.util.Locale.ROOT).replace('-', '_') + "_URLS",
            plan.urls(service.name()));
      }
    }
  }
}
