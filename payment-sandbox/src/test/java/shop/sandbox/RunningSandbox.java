package shop.sandbox;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.net.RequestOptions;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The sandbox on a random port, with a stripe-java client for it. */
public final class RunningSandbox implements AutoCloseable {

  static final String API_KEY = "sk_test_only_for_this_test";

  static {
    // Java repeats a POST when a keep-alive connection closes without a response; the tests must
    // see
    // every fault once.
    System.setProperty("sun.net.http.retryPost", "false");
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  final SteppedClock clock = new SteppedClock();
  final String base;
  private final ConfigurableApplicationContext context;

  RunningSandbox(Path data) {
    this(data, Map.of());
  }

  RunningSandbox(Path data, Map<String, Object> settings) {
    var all = new HashMap<String, Object>(settings);
    all.putIfAbsent("sandbox.api-key", API_KEY);
    all.put("sandbox.data-dir", data.toString());
    all.put("server.port", 0);
    all.put("logging.structured.format.console", "");
    context =
        new SpringApplicationBuilder(SandboxApplication.class)
            .initializers(c ->
                ((org.springframework.context.support.GenericApplicationContext) c)
                    .registerBean("testClock", Clock.class, () -> clock, d -> d.setPrimary(true)))
            .properties(all)
            .run(
                all.entrySet().stream()
                    .map(e -> "--" + e.getKey() + "=" + e.getValue())
                    .toArray(String[]::new));
    int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
    base = "http://127.0.0.1:" + port;
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  StripeClient stripe() {
    return stripe(base);
  }

  static StripeClient stripe(String base) {
    return StripeClient.builder()
        .setApiKey(API_KEY)
        .setApiBase(base)
        .setConnectTimeout(5_000)
        .setReadTimeout(20_000)
        .setMaxNetworkRetries(0)
        .build();
  }

  PaymentIntent create(String order, long amount, String method) throws StripeException {
    return stripe().v1().paymentIntents().create(params(order, amount, method).build());
  }

  static PaymentIntentCreateParams.Builder params(String order, long amount, String method) {
    return PaymentIntentCreateParams.builder()
        .setAmount(amount)
        .setCurrency("eur")
        .setPaymentMethod(method)
        .putMetadata("order_id", order);
  }

  PaymentIntent confirm(String id) throws StripeException {
    return stripe().v1().paymentIntents().confirm(id, PaymentIntentConfirmParams.builder().build());
  }

  /** Creates and confirms an intent. */
  PaymentIntent paid(String order, long amount) throws StripeException {
    return confirm(create(order, amount, "pm_card_visa").getId());
  }

  static RequestOptions key(String key) {
    return RequestOptions.builder().setIdempotencyKey(key).build();
  }

  JsonNode get(String path) {
    return send(HttpRequest.newBuilder(URI.create(base + path)).build());
  }

  JsonNode ledger(String order) {
    return get("/sandbox/ledger?order_id=" + order).get("items");
  }

  JsonNode faults(String plan) {
    return send(
        HttpRequest.newBuilder(URI.create(base + "/sandbox/faults"))
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(plan))
            .build());
  }

  long fired(int rule) {
    return get("/sandbox/faults").get("rules").get(rule).get("fired").asLong();
  }

  void noFaults() {
    send(HttpRequest.newBuilder(URI.create(base + "/sandbox/faults")).DELETE().build());
  }

  static JsonNode send(HttpRequest request) {
    try {
      return JSON.readTree(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> raw(HttpRequest.Builder request) throws IOException, InterruptedException {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path));
  }

  @Override
  public void close() {
    context.close();
  }
}
