package shop.payment;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import shop.common.testkit.BrokersInitializer;

/** One instance of payment-service on a random port, with short time limits. */
public final class RunningService implements AutoCloseable {

  private final ConfigurableApplicationContext context;

  private RunningService(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /** Starts an instance with a read timeout of one second. */
  public static RunningService at(Sandbox sandbox, String... settings) {
    return start(sandbox, "1s", settings);
  }

  /** Starts an instance with a read timeout that a slow machine does not reach. */
  public static RunningService withLongReadTimeout(Sandbox sandbox, String... settings) {
    return start(sandbox, "20s", settings);
  }

  private static RunningService start(Sandbox sandbox, String readTimeout, String... settings) {
    List<String> all = new ArrayList<>();
    all.add("--server.port=0");
    all.add("--PSP_BASE=" + sandbox.base());
    all.add("--PSP_API_KEY=" + Sandbox.KEY);
    all.add("--LOG_FORMAT=");
    all.add("--shop.psp.read-timeout=" + readTimeout);
    all.add("--shop.psp.completion-grace=4s");
    all.add("--shop.psp.outage-threshold=4");
    all.add("--shop.psp.calls-per-second=100000");
    all.add("--shop.psp.endpoint-calls-per-second=100000");
    all.add("--shop.payment.first-backoff=20ms");
    all.add("--shop.payment.max-backoff=200ms");
    all.add("--shop.payment.first-poll-interval=100ms");
    all.add("--shop.payment.max-poll-interval=400ms");
    all.add("--shop.payment.outage-backoff=50ms");
    all.add("--shop.books.reconciliation.check-interval=1h");
    String breaker = "--resilience4j.circuitbreaker.instances.psp.";
    all.add(breaker + "minimum-number-of-calls=4");
    all.add(breaker + "wait-duration-in-open-state=300ms");
    for (var setting : settings) {
      // Two arguments of the same name would be joined to a list.
      all.removeIf(other -> other.startsWith(setting.substring(0, setting.indexOf('=') + 1)));
      all.add(setting);
    }
    return new RunningService(
        new SpringApplicationBuilder(PaymentApplication.class)
            .initializers(new BrokersInitializer())
            .run(all.toArray(String[]::new)));
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public String url(String path) {
    int port = ((WebServerApplicationContext) context).getWebServer().getPort();
    return "http://127.0.0.1:" + port + path;
  }

  /** An address of the actuator. */
  public String managementUrl(String path) {
    return "http://127.0.0.1:"
        + context.getEnvironment().getProperty("local.management.port")
        + path;
  }

  @Override
  public void close() {
    context.close();
  }
}
