package shop.bench.orders;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The load tool <a href="https://github.com/wg/wrk">wrk</a> with a script that gives every request
 * its own idempotency key. Closed loop: each connection sends the next request after the response.
 * Open loop: requests are sent at a constant rate, independently of the responses; those without a
 * free connection are counted as late.
 */
public final class Wrk {

  private static final int OPEN_CONNECTIONS = 256;
  private static final JsonMapper JSON = new JsonMapper();

  private final Path program;
  private final Path folder;

  /**
   * The load tool.
   *
   * @param folder for its script, its input and its output
   */
  public Wrk(Path program, Path folder) throws IOException {
    this.program = program;
    this.folder = Files.createDirectories(folder);
    try (var script = Wrk.class.getResourceAsStream("/orders.lua")) {
      if (script == null) {
        throw new IOException("The jar does not contain orders.lua");
      }
      Files.write(folder.resolve("orders.lua"), script.readAllBytes());
    }
  }

  /** The closed loop. */
  public Load closed(
      URI target, int connections, int seconds, List<String> tokens, List<String> bodies)
      throws IOException, InterruptedException {
    return run(target, connections, 0, seconds, tokens, bodies);
  }

  /** The open loop. */
  Load open(URI target, int rate, int seconds, List<String> tokens, List<String> bodies)
      throws IOException, InterruptedException {
    return run(target, OPEN_CONNECTIONS, rate, seconds, tokens, bodies);
  }

  private Load run(
      URI target, int connections, int rate, int seconds, List<String> tokens, List<String> bodies)
      throws IOException, InterruptedException {
    if (!target.getHost().equals("127.0.0.1")) {
      throw new IllegalArgumentException("Load is allowed against 127.0.0.1 only, not " + target);
    }
    var ids = folder.resolve("accepted");
    var tokenFile = folder.resolve("tokens");
    Files.write(tokenFile, tokens);
    Files.write(folder.resolve("bodies"), bodies);
    Files.deleteIfExists(ids);
    var output = folder.resolve("wrk.out");
    var process =
        new ProcessBuilder(
                program.toString(),
                "-t1",
                "-c" + connections,
                "-d" + seconds + "s",
                "--timeout",
                "15s",
                "-s",
                folder.resolve("orders.lua").toString(),
                target.toString(),
                "--",
                folder.toString(),
                Integer.toString(rate))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(seconds + 60L, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("wrk failed: " + Files.readString(output));
      }
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(tokenFile);
    }
    return read(Files.readString(output), ids);
  }

  private static Load read(String output, Path ids) throws IOException {
    String line =
        output
            .lines()
            .filter(text -> text.startsWith("RESULT "))
            .findFirst()
            .orElseThrow(() -> new IOException("wrk printed no result: " + output));
    JsonNode result = JSON.readTree(line.substring("RESULT ".length()));
    var statuses = new TreeMap<Integer, Long>();
    result
        .get("statuses")
        .propertyStream()
        .forEach(
            status -> statuses.put(Integer.valueOf(status.getKey()), status.getValue().asLong()));
    var millis = new HashMap<Double, Double>();
    result
        .get("micros")
        .propertyStream()
        .forEach(point ->
            millis.put(Double.valueOf(point.getKey()), point.getValue().asDouble() / 1000));
    var accepted = new ArrayList<UUID>();
    try (var lines = Files.lines(ids, StandardCharsets.US_ASCII)) {
      lines.map(UUID::fromString).forEach(accepted::add);
    }
    return new Load(
        result.get("micros_taken").asDouble() / 1e6,
        accepted,
        statuses,
        result.get("failures").asLong(),
        result.get("late").asLong(),
        millis);
  }
}
