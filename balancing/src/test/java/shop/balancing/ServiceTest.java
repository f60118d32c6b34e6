package shop.balancing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static shop.balancing.ActiveChecks.Result.NOT_READY;
import static shop.balancing.ActiveChecks.Result.READY;
import static shop.balancing.ActiveChecks.Result.SILENT;
import static shop.balancing.Fleet.SECOND;
import static shop.balancing.Fleet.instance;
import static shop.balancing.Health.HEALTHY;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ServiceTest {

  private static Endpoint pick(Fleet fleet) {
    return requireNonNull(fleet.service.pick(new Call(1)));
  }

  @Test
  void withoutInstancesThereIsNone() {
    var fleet = new Fleet(false, 1);

    assertThat(fleet.service.pick(new Call(1))).isNull();
    assertThat(fleet.service.status(fleet.now).healthyShare()).isZero();
  }

  @Test
  void anEmptyAnswerOfDiscoveryRemovesAll() {
    var fleet = Fleet.warm("a");

    fleet.discover(new String[0]);
    assertThat(fleet.service.pick(new Call(1))).isNull();
    fleet.discover("a");

    assertThat(fleet.inUse()).containsExactly("a");
  }

  @Test
  void newInstancesGetCallsWhileAllAreNew() {
    var fleet = new Fleet(false, 1);
    fleet.discover("a", "b");

    assertThat(fleet.inUse()).containsExactly("a", "b");
    fleet.check(READY, 1, "b");
    assertThat(fleet.inUse()).containsExactly("b");
    fleet.check(READY, 1, "a");
    assertThat(fleet.inUse()).containsExactly("a", "b");
  }

  @Test
  void aNewOneAmongOldGetsNothingBeforeItsFirstSuccess() {
    var fleet = Fleet.warm("a", "b");
    fleet.answer(SILENT, "c");
    fleet.discover("a", "b", "c");

    for (int n = 0; n < 300; n++) {
      fleet.advance(Duration.ofMillis(100));
      assertThat(fleet.inUse()).containsExactly("a", "b");
    }
    fleet.answer(READY, "c");
    fleet.advance(Duration.ofSeconds(4));

    assertThat(fleet.inUse()).containsExactly("a", "b", "c");
  }

  @Test
  void aNewOneIsInUseWithinAnInterval() {
    for (long seed = 0; seed < 20; seed++) {
      var fleet = new Fleet(false, seed);
      fleet.discover("a");
      fleet.advance(Duration.ofSeconds(10));
      fleet.discover("a", "b");

      fleet.advance(Duration.ofMillis(2100));

      assertThat(fleet.inUse()).containsExactly("a", "b");
    }
  }

  /** In APISIX a change of the nodes reset the health of all of them. */
  @Test
  void healthIsKeptWhenDiscoveryChangesOtherInstancesOrTheWeight() {
    var fleet = Fleet.warm("a", "b", "c");
    fleet.check(NOT_READY, 1, "a");
    fleet.fail("b", 5);
    var heavier = new Instance("a", URI.create("http://a:80"), 500, new Locality("eu", "1"), 0);

    fleet.discover(heavier, instance("b"), instance("c"), instance("d"));

    assertThat(fleet.health("a")).isEqualTo(Health.NOT_READY);
    assertThat(fleet.health("b")).isEqualTo(Health.EJECTED);
    assertThat(fleet.health("c")).isEqualTo(HEALTHY);
    assertThat(fleet.inUse()).containsExactly("c");
    fleet.check(READY, 2, "a");
    assertThat(fleet.status("a").weight()).isEqualTo(50);
  }

  @Test
  void nothingIsKnownOfAnotherAddressUnderTheSameId() {
    var fleet = Fleet.warm("a", "b");
    var before = fleet.listed("a");
    var moved = new Instance("a", URI.create("http://moved:80"), 10, Locality.UNKNOWN, 0);
    fleet.discover(moved, instance("b"));

    fleet.service.onCheck(before, READY, fleet.now);
    assertThat(fleet.health("a")).as("a late result of the old one").isEqualTo(Health.NEW);
    assertThat(fleet.inUse()).containsExactly("b");
    fleet.service.onCheck(moved, READY, fleet.now);
    for (int n = 0; n < 5; n++) {
      fleet.service.onFailure(before, fleet.now);
    }

    assertThat(fleet.health("a")).isEqualTo(HEALTHY);
  }

  @Test
  void anInstanceThatDiscoveryNoLongerListsIsRemoved() {
    var fleet = Fleet.warm("a", "b");
    var gone = fleet.listed("a");

    fleet.discover("b");
    fleet.service.onFailure(gone, fleet.now);
    fleet.service.onSuccess(gone);
    fleet.service.onCheck(gone, READY, fleet.now);

    assertThat(fleet.inUse()).containsExactly("b");
    fleet.advance(Duration.ofSeconds(10));
    assertThat(fleet.service.dueChecks(fleet.now + 10 * SECOND)).containsExactly(instance("b"));
  }

  @Test
  void aRepeatedIdIsOneInstance() {
    var fleet = new Fleet(false, 1);

    fleet.service.onDiscovered(List.of(instance("a"), instance("a")), fleet.now);

    assertThat(fleet.service.status(fleet.now).instances()).hasSize(1);
  }

  @Test
  void inFlightCountsSurviveRebuilds() {
    var fleet = Fleet.warm("a");
    var lease = pick(fleet).load().begin(0);

    fleet.check(NOT_READY, 1, "a");
    fleet.check(READY, 2, "a");
    fleet.advance(Duration.ofSeconds(60));
    fleet.discover("a", "b");

    assertThat(fleet.status("a").inFlight()).isEqualTo(1);
    lease.close();
    assertThat(fleet.status("a").inFlight()).isZero();
  }

  @Test
  void anInstanceThatRejoinsFindsItsOpenLeases() {
    var fleet = Fleet.warm("a");
    var lease = pick(fleet).load().begin(0);
    fleet.discover("b");
    fleet.advance(Duration.ofSeconds(60));

    fleet.discover("a", "b");

    assertThat(fleet.status("a").inFlight()).isEqualTo(1);
    assertThat(fleet.health("a")).isEqualTo(Health.NEW);
    lease.close();
    assertThat(fleet.status("a").inFlight()).isZero();
  }

  @Test
  void theLoadOfAGoneInstanceIsForgottenWhenItsLeasesEndOrAfterAnHour() {
    var fleet = Fleet.warm("a", "b");
    var before = pick(fleet).load();
    var lease = before.begin(0);
    fleet.discover("c");
    lease.close();
    fleet.advance(Duration.ofSeconds(1));
    fleet.discover("a", "b");
    assertThat(IntStream.range(0, 2).mapToObj(_ -> pick(fleet).load())).doesNotContain(before);

    pick(fleet).load().begin(0);
    pick(fleet).load().begin(0);
    fleet.discover("c");
    fleet.now += 3601 * SECOND;
    fleet.service.tick(fleet.now);
    fleet.discover("a", "b");

    assertThat(fleet.status("a").inFlight() + fleet.status("b").inFlight()).isZero();
  }

  @Test
  void aDrainingInstanceGetsNoNewCallsAndStickyOnesUntilTheDeadline() {
    var fleet = Fleet.warm("a", "b", "c");
    long deadline = fleet.now + 30 * SECOND;

    assertThat(fleet.service.drain("a", deadline, fleet.now)).isEqualTo(DrainAnswer.DRAINING);

    assertThat(fleet.inUse()).containsExactly("b", "c");
    assertThat(fleet.bound("a")).isEqualTo("a");
    assertThat(fleet.status("a").drainsFor()).isEqualTo(Duration.ofSeconds(30));
    assertThat(fleet.status("a").weight()).isZero();
    fleet.advance(Duration.ofSeconds(29));
    assertThat(fleet.bound("a")).isEqualTo("a");
    fleet.advance(Duration.ofSeconds(1));
    assertThat(fleet.bound("a")).isIn("b", "c");
    assertThat(fleet.status("a").drainsFor()).isZero();
    assertThat(fleet.inUse()).containsExactly("b", "c");
  }

  @Test
  void aTerminatingInstanceDrainsUntilItsDeadline() {
    var fleet = Fleet.warm("a", "b", "c");

    fleet.discover(terminating("a"), instance("b"), instance("c"));
    fleet.advance(Duration.ofSeconds(2));
    fleet.discover(terminating("a"), instance("b"), instance("c"));

    assertThat(fleet.inUse()).containsExactly("b", "c");
    assertThat(fleet.bound("a")).isEqualTo("a");
    assertThat(fleet.status("a").drainsFor()).isEqualTo(Duration.ofSeconds(3));
    fleet.service.undrain("a", fleet.now);
    fleet.service.drains(Map.of(), fleet.now);
    assertThat(fleet.inUse()).containsExactly("b", "c");
    fleet.advance(Duration.ofSeconds(3));
    assertThat(fleet.bound("a")).isIn("b", "c");
  }

  @Test
  void theEarlierDeadlineOfAnOperatorAndATerminationCounts() {
    var fleet = Fleet.warm("a", "b");
    fleet.service.drain("a", fleet.now + 30 * SECOND, fleet.now);

    fleet.discover(terminating("a"), instance("b"));

    assertThat(fleet.status("a").drainsFor()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void terminatingInstancesGetCallsIfThereAreNoOthers() {
    var fleet = Fleet.warm("a", "b");

    fleet.discover(terminating("a"), terminating("b"));

    assertThat(fleet.inUse()).containsExactly("a", "b");
  }

  @Test
  void anAddressThatTerminatesNoMoreIsANewInstance() {
    var fleet = Fleet.warm("a", "b");
    fleet.discover(terminating("a"), instance("b"));

    fleet.discover("a", "b");

    assertThat(fleet.status("a").health()).isEqualTo(Health.NEW);
    assertThat(fleet.status("a").drainsFor()).isNull();
  }

  private static Instance terminating(String id) {
    var instance = instance(id);
    return new Instance(id, instance.address(), 10, instance.locality(), 0, Duration.ofSeconds(5));
  }

  @Test
  void stickyCallsLeaveADrainingInstanceThatFails() {
    var fleet = Fleet.warm("a", "b", "c");
    fleet.service.drain("a", fleet.now + 30 * SECOND, fleet.now);

    fleet.check(SILENT, 3, "a");

    assertThat(fleet.bound("a")).isIn("b", "c");
  }

  @Test
  void stickyCallsStayAcrossGroupsAndLeaveATriedInstance() {
    var fleet = new Fleet(false, 1);
    fleet.discover(instance("a", "eu", "1", 0), instance("b", "us", "1", 0));
    fleet.advance(Duration.ofSeconds(60));
    var call = new Call(1, "b", new Locality("eu", "1"));

    assertThat(Fleet.id(fleet.service.pick(call))).isEqualTo("b");
    call.exclude(fleet.listed("b"));
    assertThat(Fleet.id(fleet.service.pick(call))).isEqualTo("a");
  }

  @Test
  void anUndrainedInstanceStartsSlowly() {
    var fleet = Fleet.warm("a", "b");
    fleet.service.drain("a", fleet.now, fleet.now);
    fleet.advance(Duration.ofSeconds(60));

    fleet.service.undrain("a", fleet.now);

    assertThat(fleet.inUse()).containsExactly("a", "b");
    assertThat(fleet.factor("a")).isEqualTo(0.1);
    assertThat(fleet.status("a").drainsFor()).isNull();
  }

  @Test
  void drainingTheLastAvailableIsRefused() {
    var fleet = Fleet.warm("a", "b", "c");
    fleet.check(NOT_READY, 1, "c");
    fleet.service.drain("a", fleet.now, fleet.now);

    assertThat(fleet.service.drain("b", fleet.now, fleet.now))
        .isEqualTo(DrainAnswer.LAST_AVAILABLE);
    assertThat(fleet.inUse()).containsExactly("b");
    assertThat(fleet.service.drain("c", fleet.now, fleet.now)).isEqualTo(DrainAnswer.DRAINING);
    assertThat(fleet.service.drain("a", fleet.now + SECOND, fleet.now))
        .as("another deadline")
        .isEqualTo(DrainAnswer.DRAINING);
  }

  @Test
  void drainingTheOnlyOneIsRefusedWhateverItsHealth() {
    var fleet = Fleet.warm("a");
    fleet.check(SILENT, 3, "a");

    assertThat(fleet.service.drain("a", fleet.now, fleet.now))
        .isEqualTo(DrainAnswer.LAST_AVAILABLE);
    assertThat(fleet.service.drain("b", fleet.now, fleet.now))
        .isEqualTo(DrainAnswer.UNKNOWN_INSTANCE);
  }

  @Test
  void aDrainOutlastsAnAbsence() {
    var fleet = Fleet.warm("a", "b");
    fleet.service.drain("a", fleet.now, fleet.now);
    fleet.discover("b");
    fleet.discover("a", "b");
    fleet.check(READY, 2, "a");

    assertThat(fleet.inUse()).containsExactly("b");
  }

  @Test
  void drainsThatWereAcceptedElsewhereAreNotRefused() {
    var fleet = Fleet.warm("a", "b");

    fleet.service.drains(Map.of("a", fleet.now, "later", fleet.now), fleet.now);
    assertThat(fleet.inUse()).containsExactly("b");
    fleet.discover("a", "b", "later");
    fleet.check(READY, 1, "later");
    assertThat(fleet.inUse()).containsExactly("b");

    fleet.service.drains(Map.of("a", fleet.now, "b", fleet.now, "later", fleet.now), fleet.now);
    assertThat(fleet.inUse()).as("all drain").containsExactly("a", "b", "later");
    fleet.service.drains(Map.of(), fleet.now);
    assertThat(fleet.inUse()).containsExactly("a", "b", "later");
  }

  @Test
  void anInstanceOfWeightZeroGetsNothing() {
    var fleet = new Fleet(false, 1);
    fleet.discover(
        new Instance("zero", URI.create("http://zero:80"), 0, Locality.UNKNOWN, 0), instance("a"));

    assertThat(fleet.inUse()).containsExactly("a");
    fleet.check(SILENT, 3, "a");
    assertThat(fleet.inUse()).containsExactly("a");
  }

  @Test
  void settingsAreReplacedWhileItRuns() {
    var fleet = Fleet.warm("a", "b");
    int before = fleet.built.get();
    fleet.settings(
        ServiceSettings.of(candidates -> _ -> candidates.get(candidates.size() - 1), true));

    assertThat(fleet.inUse()).containsExactly("b");
    assertThat(fleet.built).hasValue(before);
    assertThat(fleet.health("a")).isEqualTo(HEALTHY);
  }

  @Test
  void statusShowsStateAndSinceWhen() {
    var fleet = Fleet.warm("a", "b");
    fleet.fail("a", 5);
    fleet.advance(Duration.ofSeconds(7));

    var status = fleet.status("a");
    assertThat(status.health()).isEqualTo(Health.EJECTED);
    assertThat(status.since()).isEqualTo(Duration.ofSeconds(7));
    assertThat(status.ejections()).isEqualTo(1);
    assertThat(status.ejectedFor()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(23));
    assertThat(status.weight()).isZero();
    assertThat(fleet.service.status(fleet.now).healthyShare()).isEqualTo(0.5);
  }

  @Test
  void timeAloneBuildsNoTables() {
    var fleet = Fleet.warm("a", "b");
    int before = fleet.built.get();

    fleet.advance(Duration.ofMinutes(5));

    assertThat(fleet.built).hasValue(before);
  }

  @Test
  void aPickDoesNotAllocate() {
    var fleet = new Fleet(false, 1);
    fleet.discover(
        instance("a", "eu", "1", 0), instance("b", "us", "1", 0), instance("c", "us", "1", 1));
    fleet.advance(Duration.ofSeconds(10));
    fleet.service.drain("b", fleet.now + 60 * SECOND, fleet.now);
    var calls = new Call[] {new Call(1), new Call(2, "b", new Locality("eu", "9"))};
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    picks(fleet, calls);

    long before = threads.getCurrentThreadAllocatedBytes();
    picks(fleet, calls);

    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
  }

  private static void picks(Fleet fleet, Call[] calls) {
    for (int n = 0; n < 10_000; n++) {
      var endpoint = fleet.service.pick(calls[n % calls.length]);
      fleet.service.onSuccess(requireNonNull(endpoint).instance());
    }
  }

  /** Random events for an hour: someone is always chosen, and only someone who is listed. */
  @Test
  void whateverHappensAListedInstanceIsChosen() {
    for (long seed = 0; seed < 10; seed++) {
      var fleet = new Fleet(false, seed);
      var random = new Random(seed);
      var ids = new String[] {"a", "b", "c", "d", "e"};
      fleet.discover(ids);
      for (int n = 0; n < 1000; n++) {
        var id = ids[random.nextInt(ids.length)];
        switch (random.nextInt(8)) {
          case 0 -> fleet.check(READY, 2, id);
          case 1 -> fleet.check(NOT_READY, 1, id);
          case 2 -> fleet.check(SILENT, 3, id);
          case 3, 4 -> fleet.fail(id, 5);
          case 5 -> fleet.service.drain(id, fleet.now + 5 * SECOND, fleet.now);
          case 6 -> fleet.service.undrain(id, fleet.now);
          default -> fleet.advance(Duration.ofSeconds(1));
        }

        assertThat(fleet.calls(5, Locality.UNKNOWN)).doesNotContainKey("");
      }
    }
  }

  @Test
  void concurrentPicksNeverSeeAnEmptyOrHalfBuiltList() throws Exception {
    var service =
        new Service(
            ServiceSettings.of(
                candidates -> call -> candidates.get(Math.floorMod(call.hash(), candidates.size())),
                true),
            () -> ThreadLocalRandom.current().nextLong());
    var always = List.of(instance("a", "eu", "1", 0), instance("b", "us", "1", 0));
    var more = new ArrayList<>(always);
    more.add(instance("c", "eu", "2", 0));
    more.add(instance("d", "us", "1", 1));
    service.onDiscovered(more, 0);
    var done = new AtomicBoolean();
    try (var threads = Executors.newFixedThreadPool(3)) {
      var picks = new ArrayList<Future<Integer>>();
      for (int n = 0; n < 2; n++) {
        Callable<Integer> work = () -> pickUntil(done, service);
        picks.add(threads.submit(work));
      }
      var random = new Random(3);
      for (int n = 0; n < 5_000; n++) {
        var id = more.get(random.nextInt(more.size()));
        switch (random.nextInt(6)) {
          case 0 -> service.onCheck(id, READY, n * SECOND);
          case 1 -> service.onCheck(id, NOT_READY, n * SECOND);
          case 2 -> service.onCheck(id, SILENT, n * SECOND);
          case 3 -> service.drain(id.id(), (n + 5) * SECOND, n * SECOND);
          case 4 -> service.undrain(id.id(), n * SECOND);
          default -> service.onDiscovered(n % 2 == 0 ? more : always, n * SECOND);
        }
      }
      done.set(true);
      for (var pick : picks) {
        assertThat(pick.get()).isPositive();
      }
    }
  }

  private static int pickUntil(AtomicBoolean done, Service service) {
    var client = new Locality("eu", "1");
    int picks = 0;
    while (!done.get()) {
      var endpoint = service.pick(new Call(picks, picks % 3 == 0 ? "b" : null, client));
      if (endpoint == null) {
        throw new AssertionError("No endpoint after " + picks + " picks");
      }
      try (var _ = endpoint.load().begin(0)) {
        service.onFailure(endpoint.instance(), picks);
        service.onSuccess(endpoint.instance());
      }
      picks++;
    }
    return picks;
  }
}
