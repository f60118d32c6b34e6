package shop.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.local.Supervision.State;
import shop.local.os.LaunchException;

/** Pauses, resets and the end of restarts, with a clock that only the test advances. */
class SupervisorTest {
  private static final RestartPolicy POLICY =
      new RestartPolicy(Duration.ofSeconds(1), Duration.ofSeconds(8), Duration.ofMinutes(1), 5);
  private static final double LONGEST = 1.25;

  @TempDir Path folder;
  private final FakeComponent component = new FakeComponent();
  private final ArrayDeque<Runnable> starts = new ArrayDeque<>();
  private final List<String> messages = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T12:00:00Z");
  private Supervisor supervisor;

  private static final class FakeComponent implements Component {
    private boolean alive = true;
    private boolean starts = true;

    @Override
    public String name() {
      return "payment-sandbox";
    }

    @Override
    public List<Integer> ports() {
      return List.of(8090, 9090);
    }

    @Override
    public boolean alive() {
      return alive;
    }

    @Override
    public void start() {
      if (!starts) {
        throw new LaunchException("no disk");
      }
      alive = true;
    }

    @Override
    public String logTail(int lines) {
      return "  OutOfMemoryError";
    }
  }

  @BeforeEach
  void supervise() {
    supervisor =
        new Supervisor(
            List.of(component),
            POLICY,
            folder.resolve("supervision.json"),
            messages::add,
            starts::add,
            () -> now,
            new Random(1));
  }

  private Supervision.Entry entry() {
    return Supervision.read(folder.resolve("supervision.json")).getFirst();
  }

  /** Advances the clock in steps until a restart begins. */
  private Duration untilRestart() {
    var began = now;
    for (supervisor.check(); starts.isEmpty(); supervisor.check()) {
      now = now.plusMillis(10);
    }
    starts.remove().run();
    return Duration.between(began, now);
  }

  @Test
  void whatExitsIsRestartedAndTheMessageSaysWhy() {
    component.alive = false;

    untilRestart();

    assertThat(component.alive).isTrue();
    assertThat(messages).hasSize(2);
    assertThat(messages.get(0))
        .startsWith("payment-sandbox exited unexpectedly. It is restarted in ")
        .contains("(attempt 1 of 5)", "OutOfMemoryError");
    assertThat(messages.get(1)).contains("is ready again after", "restarts so far: 1");
    assertThat(entry())
        .isEqualTo(new Supervision.Entry("payment-sandbox", List.of(8090, 9090), State.RUNNING, 1));
  }

  @Test
  void aStatusFileThatCannotBeWrittenDoesNotEndTheSupervision() throws IOException {
    Files.delete(folder.resolve("supervision.json"));
    Files.delete(folder);
    component.alive = false;

    untilRestart();

    assertThat(component.alive).isTrue();
    assertThat(messages).anySatisfy(message -> assertThat(message).contains("Free space"));
  }

  @Test
  void pausesDoubleUpToTheLongestAndVary() {
    var pauses = new ArrayList<Double>();
    for (int i = 0; i < POLICY.attempts(); i++) {
      component.alive = false;
      pauses.add(untilRestart().toMillis() / 1000.0);
    }

    for (int i = 0; i < pauses.size(); i++) {
      double middle = Math.min(8, Math.pow(2, i));
      assertThat(pauses.get(i)).isBetween(middle * 0.75, middle * LONGEST + 0.02);
    }
    assertThat(pauses.get(0)).isNotCloseTo(1, org.assertj.core.data.Offset.offset(0.001));
  }

  @Test
  void aComponentThatRanWellBeginsAnew() {
    for (int i = 0; i < POLICY.attempts(); i++) {
      component.alive = false;
      untilRestart();
    }
    now = now.plus(POLICY.ranWell());
    component.alive = false;

    assertThat(untilRestart()).isLessThan(Duration.ofMillis(1270));
    assertThat(entry().restarts()).isEqualTo(6);
  }

  @Test
  void aStartThatFailsCountsAndTheComponentIsGivenUpVisibly() {
    component.alive = false;
    component.starts = false;

    for (int i = 0; i < POLICY.attempts(); i++) {
      untilRestart();
    }
    now = now.plus(Duration.ofHours(1));
    supervisor.check();

    assertThat(starts).isEmpty();
    assertThat(entry().state()).isEqualTo(State.GIVEN_UP);
    assertThat(messages.getLast())
        .contains("could not be restarted (no disk)", "given up after 5 restarts", "./stop");
  }

  @Test
  void afterAStopNothingIsRestartedOrReported() {
    component.alive = false;
    supervisor.check();
    messages.clear();

    supervisor.stop();
    now = now.plus(Duration.ofHours(1));
    supervisor.check();

    assertThat(starts).isEmpty();
    assertThat(messages).isEmpty();
  }
}
