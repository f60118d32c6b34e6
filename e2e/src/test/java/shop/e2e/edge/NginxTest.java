package shop.e2e.edge;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** edge/nginx.conf. Part of --edge. */
@Tag("slow")
@EnabledIfSystemProperty(named = "edge.nginx", matches = ".+")
class NginxTest extends EdgeScenario {

  private static LoadBalancer nginx;

  @BeforeAll
  static void start() {
    gateways = TwoGateways.start(Map.of("TRUSTED_PROXIES", "127.0.0.1/32"));
    nginx = LoadBalancer.nginx(TwoGateways.EDGE_PORT, gateways.urls());
    gateways.awaitRequestsAtBoth(EDGE);
  }

  @AfterAll
  static void stop() {
    if (nginx != null) {
      nginx.close();
    }
    if (gateways != null) {
      gateways.close();
    }
  }
}
