package shop.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the platform through its gateway, with or without a login. */
public final class ApiClient {

  public static final JsonMapper JSON = new JsonMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  /** A login failed. */
  public static final class LoginFailed extends RuntimeException {
    private LoginFailed(String message) {
      super(message);
    }
  }

  private final URI gateway;
  private final String email;
  private final String password;
  private volatile @Nullable String token;

  private ApiClient(URI gateway, String email, String password) {
    this.gateway = gateway;
    this.email = email;
    this.password = password;
  }

  /** Registers with a new address and logs in. */
  public static ApiClient registered(URI gateway) {
    return registered(gateway, "c-" + UUID.randomUUID() + "@example.org");
  }

  /** Registers with an unused address and logs in. */
  public static ApiClient registered(URI gateway, String email) {
    var customer = new ApiClient(gateway, email, "correct horse battery");
    var credentials = credentials(email, customer.password);
    var registered = customer.post("/auth/register", credentials);
    if (registered.statusCode() != 201) {
      throw new AssertionError("register: " + registered.statusCode() + " " + registered.body());
    }
    return customer.login();
  }

  public static ApiClient loggedIn(URI gateway, String email, String password) {
    return new ApiClient(gateway, email, password).login();
  }

  static ApiClient anonymous(URI gateway) {
    return new ApiClient(gateway, "anonymous@example.org", "");
  }

  public String email() {
    return email;
  }

  /** Logs in, or logs in again. */
  public ApiClient login() {
    var response = post("/auth/login", credentials(email, password));
    if (response.statusCode() != 200) {
      throw new LoginFailed("login: " + response.statusCode() + " " + response.body());
    }
    token = json(response).get("access_token").asString();
    return this;
  }

  public static String order(String sku, int quantity, String paymentMethod) {
    return """
    {"items":[{"sku":"%s","quantity":%d}],"currency":"EUR","paymentMethod":"%s",
     "shippingAddress":{"name":"Ada","line1":"1 Street","city":"Berlin","postalCode":"10115","country":"DE"}}\
    """
        .formatted(sku, quantity, paymentMethod);
  }

  public HttpResponse<String> place(String key, String body) {
    return send(
        request("/orders").header("Idempotency-Key", key).POST(BodyPublishers.ofString(body)));
  }

  public HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  public HttpResponse<String> post(String path, String body) {
    return send(request(path).POST(BodyPublishers.ofString(body)));
  }

  /** Posts with an idempotency key. */
  public HttpResponse<String> post(String path, String key, String body) {
    return send(request(path).header("Idempotency-Key", key).POST(BodyPublishers.ofString(body)));
  }

  /** Puts a resource that does not exist yet. */
  public HttpResponse<String> create(String path, String body) {
    return send(request(path).header("If-None-Match", "*").PUT(BodyPublishers.ofString(body)));
  }

  /** Opens a server-sent event stream and returns its lines. */
  Stream<String> events(String path) {
    try {
      var request = request(path).header("Accept", "text/event-stream").build();
      return HTTP.send(request, BodyHandlers.ofLines()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String status(String orderId) {
    return json(get("/orders/" + orderId)).path("status").asString();
  }

  /** The access token of the last login. */
  public String token() {
    return String.valueOf(token);
  }

  /** The account's id from the access token. */
  public UUID id() {
    String payload = new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), UTF_8);
    return UUID.fromString(JSON.readTree(payload).get("sub").asString());
  }

  public static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  private static String credentials(String email, String password) {
    return "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, password);
  }

  private HttpRequest.Builder request(String path) {
    var request =
        HttpRequest.newBuilder(gateway.resolve(path))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json");
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  /** How long processes of this machine have waited for processors and disks lately. */
  private static String pressure() {
    return Stream.of("cpu", "io", "memory")
        .map(resource -> resource + ": " + firstLine(Path.of("/proc/pressure", resource)))
        .collect(joining("; "));
  }

  private static String firstLine(Path file) {
    try {
      return Files.readAllLines(file).getFirst();
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    var built = request.build();
    try {
      return HTTP.send(built, BodyHandlers.ofString());
    } catch (HttpTimeoutException e) {
      throw new UncheckedIOException(
          "%s %s got no response within %s; %s"
              .formatted(built.method(), built.uri(), TIMEOUT, pressure()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
