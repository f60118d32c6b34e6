package shop.operations;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import shop.common.json.Json;
import shop.common.testkit.BrokersInitializer;
import shop.common.testkit.TestTokens;
import tools.jackson.databind.JsonNode;

/** The service on a real broker, one for all tests of the module. */
@SpringBootTest(
    classes = OperationsApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "shop.operations.redrive-retry=100ms")
@ContextConfiguration(initializers = BrokersInitializer.class)
public abstract class ServiceTest {

  protected static final UUID ADMIN = new UUID(0, 1);
  protected static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @LocalServerPort private int port;

  @BeforeEach
  void ready() {
    await()
        .atMost(PATIENCE)
        .until(() -> get("/actuator/health/readiness", null).statusCode() == 200);
  }

  protected HttpResponse<String> get(String path, String token)
      throws IOException, InterruptedException {
    return send(request(path, token));
  }

  protected JsonNode asAdmin(String path) throws IOException, InterruptedException {
    return Json.MAPPER.readTree(get(path, TestTokens.admin(ADMIN)).body());
  }

  protected HttpResponse<String> retry(String id, UUID admin)
      throws IOException, InterruptedException {
    return send(
        request("/admin/dlq/" + id + "/retry", TestTokens.admin(admin))
            .POST(BodyPublishers.noBody()));
  }

  protected HttpRequest.Builder request(String path, String token) {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  protected static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  protected void awaitState(String id, State state) {
    await()
        .atMost(PATIENCE)
        .until(() -> asAdmin("/admin/dlq/" + id).at("/state").asString().equals(state.name()));
  }
}
