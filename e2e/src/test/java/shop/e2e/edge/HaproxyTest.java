package shop.e2e.edge;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** edge/haproxy.cfg, and two of them with edge/keepalived.conf. Part of --edge. */
@Tag("slow")
@EnabledIfSystemProperty(named = "edge.haproxy", matches = ".+")
class HaproxyTest extends EdgeScenario {

  private static LoadBalancer haproxy;

  @BeforeAll
  static void start() {
    gateways =
        TwoGateways.start(
            Map.of(
                "TRUSTED_PROXIES",
                LoadBalancer.HAPROXY_ADDRESS + "/32",
                "PROXY_PROTOCOL",
                "required"));
    haproxy = LoadBalancer.haproxy("haproxy", EDGE.getAuthority(), gateways.urls());
    gateways.awaitRequestsAtBoth(EDGE);
  }

  @Test
  void thePassiveOneOfAPairTakesOver() throws Exception {
    ActivePassivePair.takesOver(gateways);
  }

  @AfterAll
  static void stop() {
    if (haproxy != null) {
      haproxy.close();
    }
    if (gateways != null) {
      gateways.close();
    }
  }
}
