package shop.local.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import shop.local.os.LaunchException;

/**
 * Over HTTP, with a server that responds like a platform with unsettled orders of a previous run.
 */
class FirstOrderTest {

  private static final Duration TIMEOUT = Duration.ofMillis(200);

  private final HttpClient http = HttpClient.newHttpClient();
  private HttpServer platform;
  private Iterator<String> unsettled = List.<String>of().iterator();
  private String status = "PLACED";
  private String statusAfterTwoNotes = "PLACED";
  private final List<String> notes = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws IOException {
    platform = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    respond("/auth/login", () -> "{\"access_token\":\"token\"}");
    respond(
        "/products",
        () -> "{\"items\":[{\"sku\":\"MUG\",\"left\":1,\"prices\":[{\"currency\":\"EUR\"}]}]}");
    respond(
        "/orders",
        () ->
            "{\"id\":\"some-order\",\"status\":\"%s\",\"total\":{\"amount\":1,\"currency\":\"EUR\"}}"
                .formatted(notes.size() < 2 ? status : statusAfterTwoNotes));
    respond(
        "/actuator/prometheus",
        () ->
            """
            # TYPE orders_unsettled gauge
            orders_unsettled{application="order-service"} %s
            # TYPE orders_unsettled_age_seconds gauge
            orders_unsettled_age_seconds{application="order-service"} 7.0
            """
                .formatted(unsettled.hasNext() ? unsettled.next() : "NaN"));
    platform.start();
  }

  @AfterEach
  void stop() {
    platform.stop(0);
    http.close();
  }

  private interface Response {
    String json();
  }

  private void respond(String path, Response response) {
    platform.createContext(
        path,
        exchange -> {
          byte[] body = response.json().getBytes(UTF_8);
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, body.length);
          try (var out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
  }

  private FirstOrder.Confirmation place() {
    var url = URI.create("http://127.0.0.1:" + platform.getAddress().getPort());
    return new FirstOrder(url, url, TIMEOUT, http)
        .place("customer@shop.test", "password", notes::add);
  }

  @Test
  void aConfirmedOrderEndsTheWait() {
    status = "CONFIRMED";

    assertThat(place().statuses()).isEqualTo("CONFIRMED");
  }

  @Test
  void theWaitContinuesAsLongAsOlderOrdersAreSettled() {
    unsettled = List.of("220000.0", "208001.0", "7.0").iterator();
    statusAfterTwoNotes = "CONFIRMED";

    assertThat(place().statuses()).isEqualTo("PLACED → CONFIRMED");
    assertThat(notes)
        .containsExactly(
            "Orders of the previous run are settled first: 208,001 remain",
            "Orders of the previous run are settled first: 7 remain");
  }

  @Test
  void anUnconfirmedOrderIsAFailureIfOlderOrdersAreNotSettledEither() {
    unsettled = List.of("220000.0", "208001.0", "208001.0").iterator();

    assertThatThrownBy(this::place)
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("some-order")
        .hasMessageContaining("Its statuses: PLACED. See the logs of order-service");
    assertThat(notes).hasSize(1);
  }

  @Test
  void anUnconfirmedOrderWithoutOlderOrdersIsAFailure() {
    unsettled = List.of("0.0", "1.0").iterator();

    assertThatThrownBy(this::place)
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("Its statuses: PLACED. See the logs of order-service");
  }

  @Test
  void aFailedPaymentIsAFailureEvenIfOlderOrdersAreSettled() {
    status = "PAYMENT_FAILED";
    unsettled = List.of("220000.0", "208001.0").iterator();

    assertThatThrownBy(this::place)
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("PAYMENT_FAILED");
  }

  @Test
  void withoutTheMetricTheWaitIsNotExtended() {
    assertThatThrownBy(this::place)
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("Its statuses: PLACED. See the logs of order-service");
  }
}
