package shop.local.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class OsProcessTest {
  private static final Duration GRACE = Duration.ofMillis(300);

  @TempDir Path folder;

  @Test
  void aProcessIsFoundAgainByItsPidFile() {
    var started = start("sleeper", "exec sleep 60");

    var found = OsProcess.find(ProcessFiles.in(folder, "sleeper")).orElseThrow();
    assertThat(found.pid()).isEqualTo(started.pid());

    found.stop(GRACE);
    assertThat(started.alive()).isFalse();
    assertThat(OsProcess.find(ProcessFiles.in(folder, "sleeper"))).isEmpty();
  }

  @Test
  void anotherProcessWithTheSameIdIsNotFound() throws Exception {
    var other = start("other", "exec sleep 60");
    var files = ProcessFiles.in(folder, "gone");
    Files.writeString(files.pid(), other.pid() + " 1000\n");

    assertThat(OsProcess.find(files)).isEmpty();
    other.kill();
  }

  @Test
  void aProcessThatIgnoresSigtermIsKilled() {
    var stubborn = start("stubborn", "trap '' TERM; echo ready; while true; do sleep 1; done");
    Awaitility.await().until(() -> stubborn.logTail(1).contains("ready"));

    stubborn.stop(GRACE);

    assertThat(stubborn.alive()).isFalse();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void descendantsAreFrozenAndKilledWithTheProcess() {
    var parent = start("parent", "sleep 60 & echo child $!; wait");
    Awaitility.await().until(() -> parent.logTail(1).contains("child"));
    long child = Long.parseLong(parent.logTail(1).replaceAll("\\D", ""));

    parent.freeze();
    Awaitility.await().until(() -> state(child).equals("T"));
    parent.thaw();
    Awaitility.await().until(() -> state(child).equals("S"));

    parent.kill();
    assertThat(ProcessHandle.of(child).filter(PidFile::alive)).isEmpty();
  }

  /** The letter that ps shows: S sleeps, T is stopped. */
  private static String state(long pid) {
    return Command.run(Path.of("/"), List.of("ps", "-o", "stat=", "-p", String.valueOf(pid)))
        .substring(0, 1);
  }

  @Test
  void aProcessIsStoppedWithItsOwnSignal() {
    var files = ProcessFiles.in(folder, "interruptible");
    var script =
        "trap '' TERM; trap 'echo interrupted; exit' INT; echo ready; while true; do sleep 0.1; done";
    OsProcess.start(files, folder, Map.of(), List.of("sh", "-c", script), "INT");
    var found = OsProcess.find(files).orElseThrow();
    Awaitility.await().until(() -> found.logTail(1).contains("ready"));

    found.stop(Duration.ofSeconds(20));

    assertThat(found.logTail(1)).contains("interrupted");
  }

  @Test
  void aProcessThatExitsWhileStartingIsReportedWithItsLog() {
    var broken = start("broken", "echo the disk is on fire; exit 3");

    var thrown = catchThrowable(() -> Probe.await(broken, Duration.ofSeconds(20), () -> false));

    assertThat(thrown)
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("the disk is on fire");
  }

  /** Like a killed Redis of which one thread still writes to the disk: it still holds its port. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessWhoseMainThreadAloneHasExitedIsAlive() {
    var exit = System.getProperty("os.arch").equals("aarch64") ? 93 : 60;
    var halfDead =
        start(
            "half-dead",
            "exec perl -Mthreads -e 'threads->create(sub { sleep 60 }); syscall(%d, 0)'"
                .formatted(exit));
    Awaitility.await().until(() -> statusOf(halfDead)[0].equals("Z"));

    assertThat(halfDead.alive()).isTrue();
    halfDead.kill();
    assertThat(halfDead.alive()).isFalse();
  }

  @Test
  void aProcessLeadsItsOwnSessionAndDoesNotReceiveTheTerminalsSignals() {
    var process = start("sleeper", "exec sleep 60");
    var group = String.valueOf(process.pid());
    Awaitility.await().until(() -> sessionOf(process).equals(group));
    process.kill();
  }

  private static String sessionOf(OsProcess process) throws Exception {
    return statusOf(process)[3];
  }

  private static String[] statusOf(OsProcess process) throws Exception {
    var stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
  }

  private OsProcess start(String name, String script) {
    return OsProcess.start(
        ProcessFiles.in(folder, name), folder, Map.of(), List.of("sh", "-c", script));
  }
}
