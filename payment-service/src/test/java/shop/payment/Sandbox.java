package shop.payment;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.json.Json;
import shop.common.testkit.TempFolders;
import shop.local.os.JavaCommand;
import shop.local.os.Ports;
import tools.jackson.databind.JsonNode;

/** The real payment sandbox as a child process, on a port that it keeps over restarts. */
public final class Sandbox implements AutoCloseable {

  public static final String KEY = "sk_test_of_these_tests";

  private static final Path JAR = Path.of("../payment-sandbox/target/payment-sandbox.jar");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final int port = Ports.freeBlock(1);
  private final Path data = TempFolders.create("sandbox");
  private final Map<String, String> environment;
  private @Nullable Process process;

  private Sandbox(Map<String, String> environment) {
    this.environment = environment;
  }

  public static Sandbox start() {
    return start(Map.of());
  }

  /** Starts a sandbox whose idempotency keys expire at once, as they do at a PSP after a day. */
  public static Sandbox withExpiringKeys() {
    return start(Map.of("SANDBOX_KEY_LIFE", "1ms"));
  }

  /** Starts a sandbox that answers further calls of a second with 429. */
  static Sandbox withLimits(int callsPerSecond, int endpointCallsPerSecond) {
    return start(
        Map.of(
            "SANDBOX_CALLS_PER_SECOND", Integer.toString(callsPerSecond),
            "SANDBOX_ENDPOINT_CALLS_PER_SECOND", Integer.toString(endpointCallsPerSecond)));
  }

  private static Sandbox start(Map<String, String> environment) {
    var sandbox = new Sandbox(environment);
    Runtime.getRuntime().addShutdownHook(new Thread(sandbox::kill));
    sandbox.run();
    return sandbox;
  }

  public String base() {
    return "http://127.0.0.1:" + port;
  }

  /** Starts the process with the ledger of its predecessor. */
  public void run() {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException("Build payment-sandbox first: " + JAR + " is missing");
    }
    var builder =
        new ProcessBuilder(
            JavaCommand.withMaxHeap(128)
                .serialCollector()
                .quickCompiler()
                .jar(ownCopy().toString()));
    builder.environment().put("SANDBOX_API_KEY", KEY);
    builder.environment().put("SANDBOX_DATA_DIR", data.toString());
    builder.environment().put("PORT", Integer.toString(port));
    builder.environment().put("MANAGEMENT_SERVER_PORT", "0");
    builder.environment().putAll(environment);
    builder
        .redirectErrorStream(true)
        .redirectOutput(Path.of("target", "sandbox-" + port + ".log").toFile());
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await()
        .atMost(Duration.ofMinutes(3))
        .ignoreExceptions()
        .until(() -> get("/sandbox/faults") != null);
  }

  /** Kills the process; connections are refused until it runs again. */
  public void kill() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }

  /** Replaces all fault rules; each is a JSON object. */
  public void faults(String... rules) {
    send(
        request("/sandbox/faults")
            .header("Content-Type", "application/json")
            .PUT(
                HttpRequest.BodyPublishers.ofString(
                    "{\"seed\":1,\"rules\":[" + String.join(",", rules) + "]}"))
            .build());
  }

  public void noFaults() {
    send(request("/sandbox/faults").DELETE().build());
  }

  /** The charges and refunds of an order. */
  public JsonNode ledger(UUID orderId) {
    return get("/sandbox/ledger?order_id=" + orderId).get("items");
  }

  /** The charges and refunds of an order as {@code kind amount}, oldest first. */
  public List<String> moves(UUID orderId) {
    return ledger(orderId)
        .valueStream()
        .map(move -> move.get("kind").asString() + " " + move.get("amount").asLong())
        .toList();
  }

  /** The status of an intent. */
  public String intent(String id) {
    return send(authorized("/v1/payment_intents/" + id).build()).get("status").asString();
  }

  /** Calls the PSP directly, without payment-service. */
  public JsonNode post(String path, String form) {
    return send(
        authorized(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build());
  }

  private HttpRequest.Builder authorized(String path) {
    return request(path).header("Authorization", "Bearer " + KEY);
  }

  private JsonNode get(String path) {
    return send(request(path).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base() + path));
  }

  private static JsonNode send(HttpRequest request) {
    try {
      var response = HTTP.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(response.statusCode() + ": " + response.body());
      }
      return Json.MAPPER.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Copies the jar, because a build may replace it while the process runs. */
  private Path ownCopy() {
    try {
      return Files.copy(JAR, data.resolve("sandbox.jar"), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
