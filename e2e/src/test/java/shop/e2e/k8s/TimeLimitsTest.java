package shop.e2e.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import shop.local.os.Repository;

/**
 * Relations between time limits of different services, by their defaults; docs/recipes.md says why.
 * A service checks those between its own limits when it starts.
 */
class TimeLimitsTest {

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z_]+:(.*)}");
  private static final Pattern TIME = Pattern.compile("(\\d+)(ms|s|m|h|d)?");

  private static final String PRODUCER = "spring.kafka.producer.properties.";
  private static final String HTTP_CLIENT = "spring.cloud.gateway.server.webflux.httpclient.";

  @Test
  void aServiceAnswersBeforeTheGatewayDoes() {
    var append = shared(PRODUCER + "max.block.ms").plus(shared(PRODUCER + "delivery.timeout.ms"));
    var result = of("order-service", "shop.placement.result-timeout");

    assertThat(of("gateway", HTTP_CLIENT + "response-timeout")).isGreaterThan(append.plus(result));
  }

  @Test
  void theGatewayTriesAnotherInstanceInTime() {
    assertThat(of("gateway", HTTP_CLIENT + "connect-timeout"))
        .isLessThan(of("gateway", HTTP_CLIENT + "response-timeout"));
  }

  @Test
  void theGatewayClosesIdleConnectionsBeforeServicesDo() {
    assertThat(of("gateway", HTTP_CLIENT + "pool.max-idle-time"))
        .isLessThan(shared("server.tomcat.keep-alive-timeout"));
  }

  @Test
  void aServiceRefusesASlowBodyBeforeTheGatewayGivesUp() {
    assertThat(shared("server.tomcat.connection-timeout"))
        .isLessThan(shared("shop.http.body-timeout"));
    assertThat(shared("shop.http.body-timeout"))
        .isLessThan(of("gateway", HTTP_CLIENT + "response-timeout"));
  }

  @Test
  void aStoppingServiceServesUntilTheGatewayHasNoticed() {
    assertThat(shared("shop.shutdown.delay"))
        .isGreaterThan(of("gateway", "shop.gateway.services.order-service.checks.interval"));
  }

  @Test
  void eventStreamsLeaveATerminatingPodWhileItIsReady() {
    var drainTime = of("gateway", "shop.gateway.kubernetes.drain-time");

    assertThat(Manifests.all())
        .flatExtracting(manifests -> manifests.services().values())
        .extracting(service -> service.getLifecycle().getPreStop().getExec().getCommand())
        .allSatisfy(command ->
            assertThat(Duration.ofSeconds(Long.parseLong(command.getLast())))
                .isGreaterThanOrEqualTo(drainTime));
  }

  @Test
  void eventStreamsLeaveConnectionsForOtherRequests() {
    assertThat(number("order-service", "shop.tracking.max-streams"))
        .isLessThan(number("gateway", HTTP_CLIENT + "pool.max-connections"));
  }

  @Test
  void aDecisionOutlastsTheOpenTransactionOfACrashedProcessor() {
    assertThat(of("operations-service", "shop.operations.decision-timeout"))
        .isGreaterThan(of("order-service", "shop.processing.transaction-timeout"));
  }

  @Test
  void anUnansweredCallOfTheSandboxOutlastsTheReadTimeout() {
    assertThat(of("payment-sandbox", "sandbox.hold"))
        .isGreaterThan(of("payment-service", "shop.psp.read-timeout"));
  }

  @Test
  void aCallThatWaitsForItsTurnIsMadeBeforeAPartitionIsReleased() {
    assertThat(of("payment-service", "shop.psp.max-call-wait"))
        .isLessThan(of("payment-service", "shop.payment.drain-timeout"));
  }

  @Test
  void partitionsOfAKilledConsumerMoveWithinTenSeconds() {
    assertThat(shared("spring.kafka.consumer.properties.session.timeout.ms"))
        .isLessThanOrEqualTo(Duration.ofSeconds(10));
  }

  private static Duration shared(String key) {
    return read("common", "shop-defaults.yml", key);
  }

  private static Duration of(String module, String key) {
    return read(module, "application.yml", key);
  }

  private static long number(String module, String key) {
    return of(module, key).toMillis();
  }

  private static Duration read(String module, String file, String key) {
    var path = Repository.root().resolve(module).resolve("src/main/resources").resolve(file);
    return Yaml.documents(Yaml.text(path)).stream()
        .map(document -> find((Map<?, ?>) document, key))
        .filter(value -> value != null)
        .map(value -> time(value.toString()))
        .findFirst()
        .orElseThrow(() -> new AssertionError(path + " has no " + key));
  }

  /** A value below a path whose parts may be written together, such as {@code a.b: {c: 1}}. */
  private static Object find(Map<?, ?> document, String key) {
    for (var entry : document.entrySet()) {
      String name = entry.getKey().toString();
      if (key.equals(name)) {
        return entry.getValue();
      }
      if (key.startsWith(name + ".") && entry.getValue() instanceof Map<?, ?> below) {
        Object found = find(below, key.substring(name.length() + 1));
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** A default as Spring reads it; a bare number is in milliseconds. */
  private static Duration time(String text) {
    var variable = VARIABLE.matcher(text);
    var time = TIME.matcher(variable.matches() ? variable.group(1) : text);
    if (!time.matches()) {
      throw new AssertionError(text + " is not a time");
    }
    long number = Long.parseLong(time.group(1));
    return switch (time.group(2) == null ? "ms" : time.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> Duration.ofMillis(number);
    };
  }
}
