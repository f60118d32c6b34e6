package shop.common.management;

import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Puts the actuator on a port of its own, 1,000 above the serving port, unless {@code
 * management.server.port} is set. A random serving port has a random management port.
 */
public final class ManagementPort implements EnvironmentPostProcessor, Ordered {

  private static final int DISTANCE = 1000;
  private static final int DEFAULT_PORT = 8080;

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    int port = environment.getProperty("server.port", Integer.class, DEFAULT_PORT);
    environment
        .getPropertySources()
        .addLast(
            new MapPropertySource(
                "managementPort",
                Map.of("management.server.port", port == 0 ? 0 : port + DISTANCE)));
  }

  /** After the configuration files have been read. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }
}
