package shop.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.local.broker.RabbitEndpoint;

class PlatformTopologyTest {
  private static final RabbitEndpoint RABBIT = new RabbitEndpoint("127.0.0.1", 1, "shop", "pw");

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
  void aSecondPlatformSharesNoPortWithTheFirst() {
    var first = new PlatformTopology(new PlatformOptions(folder, 0, Map.of())).ports().keySet();
    var second =
        new PlatformTopology(new PlatformOptions(folder, 11_000, Map.of())).ports().keySet();

    assertThat(first).hasSize(23).doesNotContainAnyElementsOf(second);
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
    assertThatThrownBy(() -> new PlatformOptions(folder, 0, Map.of("gateway", 2)))
        .hasMessageContaining("only one gateway");
  }

  private Map<String, String> environment(PlatformTopology topology, ServiceSpec service) {
    var environment =
        new ServiceEnvironment(
            topology, new DataFolders(folder), new Secrets(folder.resolve("secrets")), RABBIT);
    return environment.variables(topology.instances(service).getFirst());
  }
}
