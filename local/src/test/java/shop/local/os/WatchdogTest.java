package shop.local.os;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class WatchdogTest {
  @TempDir Path folder;

  /** A test run that is killed while one of its processes runs. */
  static final class Victim {
    public static void main(String[] arguments) {
      var folder = Path.of(arguments[0]);
      Watchdog.guard(folder);
      var files = ProcessFiles.in(folder, "child");
      var child = OsProcess.start(files, folder, Map.of(), List.of("sleep", "120"));
      System.out.println(child.pid());
      Runtime.getRuntime().halt(9);
    }
  }

  @Test
  void processesAndFoldersOfAKilledTestRunAreRemoved() throws Exception {
    var scratch = Files.createDirectory(folder.resolve("with a space"));
    var victim =
        new ProcessBuilder(
                JavaCommand.withDefaults()
                    .mainClass(
                        JavaCommand.ownClassPath(), Victim.class.getName(), scratch.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var child = Long.parseLong(new String(victim.getInputStream().readAllBytes(), US_ASCII).trim());

    Awaitility.await().until(() -> !Files.exists(scratch));
    assertThat(ProcessHandle.of(child).filter(PidFile::alive)).isEmpty();
  }
}
