package shop.common.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class ManagementPortTest {

  private static Integer managementPort(Map<String, Object> settings) {
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
    new ManagementPort().postProcessEnvironment(environment, new SpringApplication());
    return environment.getProperty("management.server.port", Integer.class);
  }

  @Test
  void itIsAThousandAboveTheServingPort() {
    assertThat(managementPort(Map.of("server.port", "8081"))).isEqualTo(9081);
    assertThat(managementPort(Map.of())).isEqualTo(9080);
  }

  @Test
  void aRandomServingPortHasARandomOne() {
    assertThat(managementPort(Map.of("server.port", 0))).isZero();
  }

  @Test
  void anExplicitOneWins() {
    assertThat(managementPort(Map.of("server.port", 8081, "management.server.port", 7000)))
        .isEqualTo(7000);
  }
}
