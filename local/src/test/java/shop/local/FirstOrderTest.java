package shop.local;

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
import shop.local.os.Failure;

/** Over real HTTP, before a server that answers as the platform does when orders are left over. */
class FirstOrderTest {

  private static final Duration LIMIT = Duration.ofMillis(200);

  private final HttpClient http = HttpClient.newHttpClient();
  private HttpServer platform;
  private Iterator<String> unsettled = List.<String>of().iterator();
  private String status = "PLACED";
  private String afterwards = "PLACED";
  private final List<String> notes = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws IOException {
    platform = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answer("/auth/login", () -> "{\"access_token\":\"token\"}");
    answer(
        "/products",
        () -> "{\"items\":[{\"sku\":\"MUG\",\"left\":1,\"prices\":[{\"currency\":\"EUR\"}]}]}");
    answer(
        "/orders",
        () ->
            "{\"id\":\"some-order\",\"status\":\"%s\"}"
                .formatted(notes.size() < 2 ? status : afterwards));
    answer(
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

  private interface Answer {
    String json();
  }

  private void answer(String path, Answer answer) {
    platform.createContext(
        path,
        exchange -> {
          byte[] body = answer.json().getBytes(UTF_8);
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, body.length);
          try (var out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
  }

  private FirstOrder.Outcome place() {
    var url = URI.create("http://127.0.0.1:" + platform.getAddress().getPort());
    return new FirstOrder(url, url, LIMIT, http)
        .place("customer@shop.test", "password", notes::add);
  }

  @Test
  void aConfirmedOrderIsWaitedForNoLonger() {
    status = "CONFIRMED";

    assertThat(place().way()).isEqualTo("CONFIRMED");
  }

  @Test
  void anOrderBehindOthersIsWaitedForAsLongAsTheyGetFewer() {
    unsettled = List.of("220000.0", "208001.0", "7.0").iterator();
    afterwards = "CONFIRMED";

    assertThat(place().way()).isEqualTo("PLACED → CONFIRMED");
    assertThat(notes)
        .containsExactly(
            "Orders of the last run come first: 208,001 are open",
            "Orders of the last run come first: 7 are open");
  }

  @Test
  void anOrderBehindOthersThatDoNotGetFewerIsAFailure() {
    unsettled = List.of("220000.0", "208001.0", "208001.0").iterator();

    assertThatThrownBy(this::place)
        .isInstanceOf(Failure.class)
        .hasMessageContaining("some-order")
        .hasMessageEndingWith(": PLACED. The logs tell why.");
    assertThat(notes).hasSize(1);
  }

  @Test
  void anOrderBehindNobodyIsAFailure() {
    unsettled = List.of("0.0", "1.0").iterator();

    assertThatThrownBy(this::place)
        .isInstanceOf(Failure.class)
        .hasMessageEndingWith(": PLACED. The logs tell why.");
  }

  @Test
  void anOrderThatFailsIsAFailureHoweverManyAreSettled() {
    status = "PAYMENT_FAILED";
    unsettled = List.of("220000.0", "208001.0").iterator();

    assertThatThrownBy(this::place)
        .isInstanceOf(Failure.class)
        .hasMessageContaining("PAYMENT_FAILED");
  }

  @Test
  void whatOrderServiceDoesNotTellDoesNotCount() {
    assertThatThrownBy(this::place)
        .isInstanceOf(Failure.class)
        .hasMessageEndingWith(": PLACED. The logs tell why.");
  }
}
