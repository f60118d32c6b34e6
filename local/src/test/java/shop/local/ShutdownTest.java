package shop.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.local.os.OsProcess;

class ShutdownTest {
  @TempDir Path folder;

  @Test
  void whatAKilledLauncherLeftIsStoppedServicesFirstAndBrokersLast() throws Exception {
    var layout = new Layout(folder);
    var order = folder.resolve("order");
    var orphans =
        List.of(
            start(layout, "kafka", order),
            start(layout, "gateway", order),
            start(layout, "redis", order));

    assertThat(Shutdown.alive(layout))
        .extracting(OsProcess::name)
        .containsExactly("gateway", "kafka", "redis");
    Shutdown.run(layout);

    assertThat(orphans).noneMatch(OsProcess::alive);
    assertThat(Shutdown.alive(layout)).isEmpty();
    assertThat(Files.readAllLines(order).getFirst()).isEqualTo("gateway");
  }

  private static OsProcess start(Layout layout, String name, Path order) {
    var script =
        "trap 'echo %s >> %s; exit' TERM; echo ready; while true; do sleep 0.1; done"
            .formatted(name, order);
    var process =
        OsProcess.start(layout.place(name), layout.root(), Map.of(), List.of("sh", "-c", script));
    Awaitility.await().until(() -> process.lastWords(1).contains("ready"));
    return process;
  }
}
