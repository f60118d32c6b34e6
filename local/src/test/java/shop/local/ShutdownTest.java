package shop.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.local.os.OsProcess;

@Tag("slow")
class ShutdownTest {
  @TempDir Path folder;

  @Test
  void processesOfAKilledLauncherAreStoppedServicesFirstAndBrokersLast() throws Exception {
    var folders = new DataFolders(folder);
    var order = folder.resolve("order");
    var orphans =
        List.of(
            start(folders, "kafka", order),
            start(folders, "gateway", order),
            start(folders, "redis", order));

    assertThat(Shutdown.running(folders))
        .extracting(OsProcess::name)
        .containsExactly("gateway", "kafka", "redis");
    Shutdown.run(folders);

    assertThat(orphans).noneMatch(OsProcess::alive);
    assertThat(Shutdown.running(folders)).isEmpty();
    assertThat(Files.readAllLines(order).getFirst()).isEqualTo("gateway");
  }

  private static OsProcess start(DataFolders folders, String name, Path order) {
    var script =
        "trap 'echo %s >> %s; exit' TERM; echo ready; while true; do sleep 0.1; done"
            .formatted(name, order);
    var process =
        OsProcess.start(
            folders.processFiles(name), folders.root(), Map.of(), List.of("sh", "-c", script));
    Awaitility.await().until(() -> process.logTail(1).contains("ready"));
    return process;
  }
}
