package shop.analytics;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import shop.common.json.Json;
import shop.common.testkit.BrokersInitializer;
import shop.common.testkit.TestTokens;
import tools.jackson.databind.JsonNode;

/**
 * Base of tests that run the service on a real broker; all tests of the module share one service.
 */
@SpringBootTest(
    classes = AnalyticsApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    // Events of the tests are from earlier years.
    properties = "shop.analytics.recent-minutes=36500d")
@ContextConfiguration(initializers = BrokersInitializer.class)
@Tag("slow")
public abstract class ServiceTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @LocalServerPort protected int port;

  protected HttpResponse<String> get(String path, String token)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  protected JsonNode asAdmin(String path) throws IOException, InterruptedException {
    return Json.MAPPER.readTree(get(path, admin()).body());
  }

  protected int statusAsAdmin(String path) throws IOException, InterruptedException {
    return get(path, admin()).statusCode();
  }

  protected static String admin() {
    return TestTokens.admin(new UUID(0, 1));
  }
}
