package shop.local.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.local.Supervision.Entry;
import shop.local.Supervision.State;
import shop.local.os.OsProcess;
import shop.local.os.ProcessFiles;

class StatusTest {
  @TempDir Path folder;

  @Test
  void eachComponentHasItsStateTimeRestartsMemoryAndPorts() {
    var files = ProcessFiles.in(folder, "gateway");
    OsProcess.writeOwnPid(files.pid());
    var gateway = OsProcess.find(files).orElseThrow();
    var entries =
        List.of(
            new Entry("gateway", List.of(8080, 9080), State.RUNNING, 2),
            new Entry("mail", List.of(8025), State.GIVEN_UP, 10),
            new Entry("kafka", List.of(19092), State.RUNNING, 0));

    var lines =
        Status.lines(entries, List.of(gateway), gateway.started().orElseThrow().plusSeconds(65));

    assertThat(lines.get(1))
        .containsSubsequence(
            "gateway", "running", String.valueOf(gateway.pid()), "1 m 5 s", "2", "MB", "8080 9080");
    assertThat(lines.get(2)).containsSubsequence("mail", "GIVEN UP", "10", "8025");
    assertThat(lines.get(3)).containsSubsequence("kafka", "exited", "19092");
  }

  @Test
  void processesOutsideTheSupervisionAreListedToo() {
    var files = ProcessFiles.in(folder, "rabbitmq-epmd");
    OsProcess.writeOwnPid(files.pid());

    assertThat(Status.lines(List.of(), List.of(OsProcess.find(files).orElseThrow()), Instant.now()))
        .anySatisfy(line -> assertThat(line).containsSubsequence("rabbitmq-epmd", "running"));
  }

  @Test
  void agesHaveTwoUnits() {
    assertThat(Status.age(Duration.ofSeconds(59))).isEqualTo("59 s");
    assertThat(Status.age(Duration.ofSeconds(61))).isEqualTo("1 m 1 s");
    assertThat(Status.age(Duration.ofMinutes(125))).isEqualTo("2 h 5 m");
  }
}
