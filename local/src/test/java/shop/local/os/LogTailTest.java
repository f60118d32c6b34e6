package shop.local.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
  @TempDir Path folder;

  @Test
  void aStructuredLogIsShownInReadableForm() throws Exception {
    var log = folder.resolve("x.log");
    Files.writeString(
        log,
        """
        an old line
        {"@timestamp":"2026-01-02T03:04:05.678Z","message":"Run failed","level":"ERROR",\
        "stack_trace":"a.B: no\\n\\tat c.D.e(D.java:1)\\nCaused by: f.G: port taken\\n"}
        {"not json
        """);

    assertThat(LogTail.of(log, 4).lines())
        .containsExactly(
            "  2026-01-02T03:04:05Z ERROR Run failed",
            "    a.B: no",
            "    Caused by: f.G: port taken",
            "  {\"not json");
  }

  @Test
  void aMissingLogIsNoError() {
    assertThat(LogTail.of(folder.resolve("none"), 3)).isEqualTo("  (no log)");
  }

  @Test
  void aFullDiskIsExplained() throws Exception {
    var log = folder.resolve("full.log");
    Files.writeString(log, "PANIC:  could not write to file: No space left on device\n");

    assertThat(LogTail.of(log, 1)).endsWith("Free space on that of " + folder + ".");
  }
}
