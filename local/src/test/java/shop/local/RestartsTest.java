package shop.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.local.Supervision.State;
import shop.local.broker.RedisServer;
import shop.local.os.LaunchException;
import shop.local.os.OsProcess;
import shop.local.os.Ports;
import shop.local.os.Watchdog;

/** Real processes that die and are stopped. */
@Tag("slow")
class RestartsTest {
  private static final RestartPolicy POLICY =
      new RestartPolicy(Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMinutes(1), 3);

  @TempDir Path folder;
  private DataFolders folders;
  private final SpawnGate gate = new SpawnGate();

  @BeforeEach
  void folders() {
    folders = new DataFolders(folder);
    Watchdog.guard(folders.run());
  }

  /** A process with a pid file of the platform. */
  private final class Script implements Component {
    private final String name;
    private final String script;

    Script(String name, String script) {
      this.name = name;
      this.script = script;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public List<Integer> ports() {
      return List.of();
    }

    @Override
    public boolean alive() {
      return OsProcess.find(folders.processFiles(name)).isPresent();
    }

    @Override
    public void start() {
      gate.spawn(() ->
          OsProcess.start(
              folders.processFiles(name), folders.root(), Map.of(), List.of("sh", "-c", script)));
    }

    @Override
    public String logTail(int lines) {
      return OsProcess.logTail(folders.processFiles(name), lines);
    }
  }

  private Supervisor supervisor(List<Component> components, List<String> messages) {
    return new Supervisor(
        components,
        POLICY,
        folders.supervision(),
        messages::add,
        Runnable::run,
        InstantSource.system(),
        new Random(1));
  }

  @Test
  void aKilledBrokerComesBackWithItsData() throws Exception {
    var redis = new RedisServer(folder.resolve("redis"), Ports.freeBlock(1));
    redis.start();
    var before = redis.pid();
    Files.createDirectories(folders.run());
    var supervisor = supervisor(List.of(new BrokerUnderTest(redis)), new ArrayList<>());

    ProcessHandle.of(before).orElseThrow().destroyForcibly();
    await()
        .until(() -> {
          supervisor.check();
          return redis.running() && redis.pid() != before;
        });

    assertThat(Supervision.read(folders.supervision()).getFirst().restarts()).isEqualTo(1);
    redis.stop();
  }

  private record BrokerUnderTest(RedisServer redis) implements Component {
    @Override
    public String name() {
      return redis.name();
    }

    @Override
    public List<Integer> ports() {
      return List.of();
    }

    @Override
    public boolean alive() {
      return redis.running();
    }

    @Override
    public void start() {
      redis.start();
    }

    @Override
    public String logTail(int lines) {
      return redis.logTail(lines);
    }
  }

  @Test
  void aProcessThatAlwaysExitsIsGivenUpAndTheOthersGoOn() {
    var bad = new Script("bad", "echo broken; exit 3");
    var good = new Script("good", "while true; do sleep 0.1; done");
    bad.start();
    good.start();
    var messages = new ArrayList<String>();
    var supervisor = supervisor(List.of(bad, good), messages);

    await()
        .until(() -> {
          supervisor.check();
          return Supervision.read(folders.supervision()).getFirst().state() == State.GIVEN_UP;
        });

    assertThat(messages.getLast()).contains("bad", "given up", "broken");
    assertThat(good.alive()).isTrue();
    Shutdown.run(folders);
  }

  @Test
  void aStopDuringRestartsLeavesNoProcess() {
    var restless = new ArrayList<Component>();
    for (int i = 0; i < 4; i++) {
      restless.add(new Script("restless-" + i, "sleep 30"));
    }
    Supervision.write(prepared(), List.of());
    var running = new AtomicBoolean(true);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var component : restless) {
        executor.execute(() -> spawnUntilClosed(component, running));
      }
      await().until(() -> restless.stream().anyMatch(Component::alive));

      gate.close();
      Shutdown.run(folders);
      running.set(false);
    }

    assertThat(Shutdown.running(folders)).isEmpty();
    assertThatThrownBy(() -> restless.getFirst().start())
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("being stopped");
  }

  private Path prepared() {
    try {
      Files.createDirectories(folders.run());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folders.supervision();
  }

  /** Kills and starts it again and again, until it cannot be started any more. */
  private void spawnUntilClosed(Component component, AtomicBoolean running) {
    while (running.get()) {
      try {
        OsProcess.find(folders.processFiles(component.name()))
            .flatMap(process -> ProcessHandle.of(process.pid()))
            .ifPresent(ProcessHandle::destroyForcibly);
        component.start();
      } catch (LaunchException | UncheckedIOException closed) {
        return;
      }
    }
  }
}
