package shop.bench.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** GETs with the load tool wrk, over kept-alive connections. */
final class WrkGet {

  private static final JsonMapper JSON = new JsonMapper();

  private final String program;
  private final Path script;
  private final int connections;

  WrkGet(String program, Path folder, int connections) throws IOException {
    this.program = program;
    this.connections = connections;
    this.script = folder.resolve("get.lua");
    try (var lua = WrkGet.class.getResourceAsStream("/get.lua")) {
      if (lua == null) {
        throw new IOException("The jar does not contain get.lua");
      }
      Files.write(script, lua.readAllBytes());
    }
  }

  /** As many requests as the target takes. */
  Sample full(Target target, int seconds) throws IOException, InterruptedException {
    return run(target, seconds, 0);
  }

  /**
   * Requests at a rate below the capacity of the target: each connection waits between two
   * requests, at random with the mean that leads to the rate.
   */
  Sample paced(Target target, int seconds, double perSecond)
      throws IOException, InterruptedException {
    return run(target, seconds, 1000 * connections / perSecond);
  }

  private Sample run(Target target, int seconds, double meanWaitMillis)
      throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                program,
                "--threads=1",
                "--timeout=10s",
                "--connections=" + connections,
                "--duration=" + seconds + "s",
                "--script=" + script));
    var token = target.token().get();
    if (token != null) {
      command.add("--header=Authorization: Bearer " + token);
    }
    command.addAll(List.of(target.url().toString(), "--", Double.toString(meanWaitMillis)));
    long before = target.cpuMillis().getAsLong();
    var wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output;
    try (var reader = wrk.inputReader()) {
      output = reader.readAllAsString();
    }
    if (wrk.waitFor() != 0) {
      throw new IOException("wrk failed: " + output);
    }
    long cpu = target.cpuMillis().getAsLong() - before;
    var result =
        output
            .lines()
            .filter(line -> line.startsWith("RESULT "))
            .findFirst()
            .map(line -> JSON.readTree(line.substring("RESULT ".length())))
            .orElseThrow(() -> new IOException("wrk printed no result: " + output));
    long requests = result.get("requests").asLong();
    if (requests == 0 || result.get("errors").asLong() > 0) {
      throw new IOException(
          "%s: responses other than 2xx or none at all: %s".formatted(target.name(), output));
    }
    return new Sample(
        1000.0 * cpu / requests,
        requests / (result.get("micros").asDouble() / 1e6),
        result.get("p50").asDouble() / 1000,
        result.get("p99").asDouble() / 1000);
  }
}
