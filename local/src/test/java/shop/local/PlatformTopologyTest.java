package shop.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.local.broker.DatabaseSchemas;
import shop.local.broker.RabbitEndpoint;

class PlatformTopologyTest {
  private static final RabbitEndpoint RABBIT = new RabbitEndpoint("127.0.0.1", 1, "shop", "pw");
  private static final String DATABASE_URL = "postgresql://admin:admin-pw@db:5432/shop";

  @TempDir Path folder;

  @Test
  void furtherInstancesGetPortsAHundredApartAndTheGatewayRoutesToThem() {
    var topology = new PlatformTopology(new PlatformOptions(folder, 0, Map.of("order-service", 3)));

    assertThat(topology.instances(ServiceSpec.byName("order-service")))
        .extracting(ServiceInstance::name, ServiceInstance::port)
        .containsExactly(
            tuple("order-service", 8081),
            tuple("order-service-2", 8181),
            tuple("order-service-3", 8281));
    assertThat(environment(topology, ServiceSpec.GATEWAY))
        .containsEntry(
            "ORDER_SERVICE_URLS",
            "http://127.0.0.1:8081,http://127.0.0.1:8181,http://127.0.0.1:8281")
        .containsEntry("PAYMENT_SERVICE_URLS", "http://127.0.0.1:8082");
  }

  @Test
  void twoGatewaysShareSigningKeysSessionsAndServices() {
    var topology = new PlatformTopology(new PlatformOptions(folder, 0, Map.of("gateway", 2)));
    var gateways = topology.instances(ServiceSpec.GATEWAY);

    assertThat(gateways)
        .extracting(ServiceInstance::name, ServiceInstance::url, ServiceInstance::managementPort)
        .containsExactly(
            tuple("gateway", "http://127.0.0.1:8080", 9080),
            tuple("gateway-2", "http://127.0.0.1:8180", 9180));
    var first = environment(topology, gateways.getFirst());
    var second = environment(topology, gateways.getLast());
    for (var shared : List.of("AUTH_KEYS_DIR", "SESSIONS_REDIS_PORT", "ORDER_SERVICE_URLS")) {
      assertThat(second.get(shared)).isNotNull().isEqualTo(first.get(shared));
    }
    assertThat(second.get("STATE_DIR")).isNotEqualTo(first.get("STATE_DIR"));
    assertThat(second).containsEntry("SHUTDOWN_DELAY", "3s");
  }

  @Test
  void withTlsGatewaysAndOnlyTheyServeHttps() {
    var options = new PlatformOptions(folder, 0, Map.of("gateway", 2)).withTls(true);
    var topology = new PlatformTopology(options);

    assertThat(topology.instances(ServiceSpec.GATEWAY))
        .extracting(ServiceInstance::url)
        .containsExactly("https://127.0.0.1:8080", "https://127.0.0.1:8180");
    assertThat(environment(topology, ServiceSpec.GATEWAY))
        .containsKeys("TLS_CERTIFICATE", "TLS_PRIVATE_KEY")
        .containsEntry("HSTS_MAX_AGE", "0")
        .containsEntry("ORDER_SERVICE_URLS", "http://127.0.0.1:8081");
    assertThat(environment(topology, ServiceSpec.byName("order-service")))
        .containsEntry("JWKS_URI", "https://127.0.0.1:8080/.well-known/jwks.json")
        .doesNotContainKey("TLS_PRIVATE_KEY");
  }

  @Test
  void aSecondPlatformSharesNoPortWithTheFirst() {
    var first = new PlatformTopology(new PlatformOptions(folder, 0, Map.of())).ports().keySet();
    var second =
        new PlatformTopology(new PlatformOptions(folder, 11_000, Map.of())).ports().keySet();

    assertThat(first).hasSize(24).doesNotContainAnyElementsOf(second);
  }

  /** A full Redis of orders must not prevent logins. */
  @Test
  void sessionsHaveARedisOfTheirOwn() {
    var topology = new PlatformTopology(new PlatformOptions(folder, 0, Map.of()));

    String ofOrders = environment(topology, ServiceSpec.byName("order-service")).get("REDIS_PORT");
    String ofSessions = environment(topology, ServiceSpec.GATEWAY).get("SESSIONS_REDIS_PORT");
    assertThat(ofSessions).isNotNull().isNotEqualTo(ofOrders);
  }

  @Test
  void eachServiceConnectsToTheDatabaseAsItsOwnRole() {
    var topology = new PlatformTopology(new PlatformOptions(folder, 0, Map.of()));

    var orders = environment(topology, ServiceSpec.byName("order-service"));
    var accounts = environment(topology, ServiceSpec.GATEWAY);
    assertThat(orders)
        .containsEntry("DATABASE_URL", "jdbc:postgresql://db:5432/shop")
        .containsEntry("DATABASE_USER", "orders");
    assertThat(accounts).containsEntry("DATABASE_USER", "accounts");
    assertThat(accounts.get("DATABASE_PASSWORD"))
        .isNotEqualTo(orders.get("DATABASE_PASSWORD"))
        .isNotEqualTo("admin-pw");
    assertThat(ServiceSpec.ALL.stream().map(ServiceSpec::schema).filter(name -> !name.isEmpty()))
        .containsExactlyInAnyOrderElementsOf(DatabaseSchemas.NAMES);
  }

  @Test
  void aGivenDatabaseNeedsNoPort() {
    var own = new PlatformOptions(folder, 0, Map.of());

    assertThat(new PlatformTopology(own).ports()).containsEntry(15432, "PostgreSQL");
    assertThat(new PlatformTopology(own.withDatabase(DATABASE_URL)).ports())
        .doesNotContainKey(15432);
  }

  @Test
  void onlyServicesThatNeedASecretReceiveIt() {
    var topology = new PlatformTopology(new PlatformOptions(folder, 0, Map.of()));
    var key = new Secrets(folder.resolve("secrets")).pspApiKey();

    assertThat(key).startsWith("sk_test_");
    assertThat(environment(topology, ServiceSpec.SANDBOX)).containsEntry("SANDBOX_API_KEY", key);
    assertThat(environment(topology, ServiceSpec.byName("payment-service"))).containsValue(key);
    assertThat(environment(topology, ServiceSpec.GATEWAY)).doesNotContainValue(key);
    assertThat(environment(topology, ServiceSpec.byName("order-service")))
        .doesNotContainKeys("SHOP_SEED_PASSWORD", "AUTH_KEYS_DIR");
  }

  @Test
  void noPlatformUsesEphemeralPorts() {
    var highest =
        new PlatformTopology(new PlatformOptions(folder, 13_000, Map.of())).ports().lastKey();

    assertThat(highest).isBetween(32_000, 32_767);
    assertThatThrownBy(() -> new PlatformOptions(folder, 13_001, Map.of()))
        .hasMessageContaining("between -7000 and 13000, not 13001");
  }

  @Test
  void impossibleInstancesAreRejected() {
    assertThatThrownBy(() -> new PlatformOptions(folder, 0, Map.of("basket", 2)))
        .hasMessageContaining("The services are: order-service");
    assertThatThrownBy(() -> new PlatformOptions(folder, 0, Map.of("payment-sandbox", 2)))
        .hasMessageContaining("only one payment-sandbox");
  }

  private Map<String, String> environment(PlatformTopology topology, ServiceSpec service) {
    return environment(topology, topology.instances(service).getFirst());
  }

  private Map<String, String> environment(PlatformTopology topology, ServiceInstance instance) {
    var secrets = new Secrets(folder.resolve("secrets"));
    var database = DatabaseSchemas.given(DATABASE_URL, secrets::databasePassword);
    return new ServiceEnvironment(topology, new DataFolders(folder), secrets, RABBIT, database)
        .variables(instance);
  }
}
