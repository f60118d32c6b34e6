package shop.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static shop.sandbox.RunningSandbox.key;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.sandbox.ledger.FilledLedger;

/** Processes with the ledger: after kill -9, in one folder, with little memory. */
@Tag("slow")
class CrashTest {

  private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

  @TempDir Path folder;

  @Test
  void answeredCallsSurviveAKillUnderLoad() throws Exception {
    var data = folder.resolve("data");
    var answered = new ConcurrentHashMap<String, String>();
    var log = folder.resolve("log");
    var process = launch(data, log);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      await().atMost(3, TimeUnit.MINUTES).until(() -> port(log).isPresent());
      var stripe = RunningSandbox.stripe("http://127.0.0.1:" + port(log).orElseThrow());
      for (int w = 0; w < 8; w++) {
        int worker = w;
        executor.execute(() -> payUntilFailure(stripe, worker, answered));
      }
      await().atMost(3, TimeUnit.MINUTES).until(() -> answered.size() > 200);
      process.destroyForcibly().waitFor();
    } finally {
      process.destroyForcibly().waitFor();
    }
    try (var again = new RunningSandbox(data)) {
      for (var order : answered.keySet()) {
        assertThat(pay(again.stripe(), order)).isEqualTo(answered.get(order));
        assertThat(again.ledger(order)).hasSize(1);
      }
      var summary = again.get("/sandbox/ledger/summary");
      assertThat(summary.get("intentsChargedMoreThanOnce").asInt()).isZero();
      assertThat(summary.get("ordersChargedMoreThanOnce")).isEmpty();
      assertThat(summary.get("balanced").asBoolean()).isTrue();
    }
  }

  /** 60,000 intents, whose state alone would fill several times this heap. */
  @Test
  void memoryDoesNotGrowWithTheNumberOfIntents() throws Exception {
    var log = folder.resolve("log");
    var process =
        java(log, "-Xmx32m", FilledLedger.class, folder.resolve("data").toString(), "60000");
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(process.exitValue()).as("%s", Files.readString(log)).isZero();
  }

  @Test
  void aSecondSandboxCannotUseTheSameFolder() throws StripeException {
    try (var first = new RunningSandbox(folder)) {
      assertThatThrownBy(() -> new RunningSandbox(folder).close())
          .hasRootCauseMessage(
              "Another sandbox is using %s: stop it, or set SANDBOX_DATA_DIR to another folder."
                  .formatted(folder.resolve("ledger")));
      assertThat(first.paid("alone", 100).getStatus()).isEqualTo("succeeded");
    }
  }

  @Test
  void withoutAnApiKeyItDoesNotStart() {
    assertThatThrownBy(() -> new RunningSandbox(folder, Map.of("sandbox.api-key", " ")).close())
        .rootCause()
        .hasMessageContaining("set SANDBOX_API_KEY");
  }

  private static void payUntilFailure(
      StripeClient stripe, int worker, Map<String, String> answered) {
    for (int i = 0; ; i++) {
      var order = "order-" + worker + "-" + i;
      try {
        answered.put(order, pay(stripe, order));
      } catch (StripeException e) {
        return;
      }
    }
  }

  private static String pay(StripeClient stripe, String order) throws StripeException {
    var params = RunningSandbox.params(order, 100, "pm_card_visa").setConfirm(true).build();
    return stripe.v1().paymentIntents().create(params, key("key-" + order)).getId();
  }

  private static Process launch(Path data, Path log) throws IOException {
    return java(
        log,
        "-Xmx128m",
        SandboxApplication.class,
        "--server.port=0",
        "--logging.structured.format.console=",
        "--sandbox.data-dir=" + data);
  }

  private static Process java(Path log, String heap, Class<?> main, String... arguments)
      throws IOException {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            heap,
            "-cp",
            System.getProperty("java.class.path"),
            main.getName());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("SANDBOX_API_KEY", RunningSandbox.API_KEY);
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private static Optional<String> port(Path log) throws IOException {
    var found = PORT.matcher(Files.readString(log, StandardCharsets.UTF_8));
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }
}
