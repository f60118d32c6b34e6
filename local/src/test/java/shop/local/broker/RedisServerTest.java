package shop.local.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.local.os.Ports;
import shop.local.os.Probe;
import shop.local.os.ProcessFiles;

@Tag("slow")
class RedisServerTest {
  @TempDir Path folder;
  private RedisServer redis;

  @BeforeEach
  void start() {
    redis = new RedisServer(ProcessFiles.in(folder, "redis"), Ports.freeBlock(1), "secret");
    redis.start();
  }

  @AfterEach
  void stop() {
    redis.stop();
  }

  @Test
  void writesSurviveAStop() throws IOException {
    command("SET", "colour", "green");

    redis.stop();
    redis.start();

    assertThat(command("GET", "colour")).contains("green");
  }

  @Test
  void writesInTheAppendOnlyFileSurviveAKill() throws IOException {
    command("SET", "colour", "blue");
    Awaitility.await()
        .until(() -> command("INFO", "persistence").contains("aof_pending_bio_fsync:0"));

    redis.kill();
    redis.start();

    assertThat(command("GET", "colour")).contains("blue");
  }

  @Test
  void commandsWithoutThePasswordAreRejected() throws IOException {
    var response = Probe.exchange(redis.endpoint().port(), bytes("GET colour\r\n"), 7);
    assertThat(new String(response, StandardCharsets.US_ASCII)).isEqualTo("-NOAUTH");
  }

  @Test
  void onlyTheOwnerCanReadThePassword() throws IOException {
    var mode = Files.getPosixFilePermissions(folder.resolve("data/redis.conf"));
    assertThat(mode).hasSize(2);
    assertThat(ProcessHandle.of(redis.pid()).orElseThrow().info().commandLine().orElse(""))
        .doesNotContain("secret");
  }

  private String command(String... words) throws IOException {
    var request = "AUTH secret\r\n" + String.join(" ", words) + "\r\nPING the-end\r\nQUIT\r\n";
    var response = Probe.exchange(redis.endpoint().port(), bytes(request), Integer.MAX_VALUE);
    return new String(response, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
