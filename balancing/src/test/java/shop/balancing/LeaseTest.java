package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LeaseTest {
  private static final long MS = 1_000_000;

  private final LoadGroup group = new LoadGroup();
  private final Load load = new Load(group, Load.DEFAULT_DECAY);

  @Test
  void aCallIsInFlightUntilTheLeaseIsClosed() {
    Lease lease = load.begin(0);
    lease.headersReceived(MS);
    assertThat(load.inFlight()).isEqualTo(1);
    assertThat(group.inFlight()).isEqualTo(1);

    lease.close();
    lease.close();

    assertThat(load.inFlight()).isZero();
    assertThat(group.inFlight()).isZero();
  }

  /** Two threads meet at each lease, so that their ends are as close as they can be. */
  @Test
  void leasesThatRacingThreadsEndTwiceLeaveExactlyNone() throws Exception {
    List<Lease> leases = IntStream.range(0, 10_000).mapToObj(load::begin).toList();
    AtomicInteger arrivals = new AtomicInteger();
    Runnable close =
        () -> {
          for (int i = 0; i < leases.size(); i++) {
            arrivals.incrementAndGet();
            for (int spins = 0; arrivals.get() < 2 * (i + 1); spins++) {
              if (spins > 1000) {
                LockSupport.parkNanos(1);
              }
            }
            leases.get(i).close();
          }
        };
    List<Thread> threads =
        Stream.of(
                close,
                close,
                () -> leases.forEach(lease -> lease.failed(MS)),
                () -> leases.forEach(lease -> lease.headersReceived(MS)))
            .map(task -> Thread.ofPlatform().start(task))
            .toList();

    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(load.inFlight()).isZero();
    assertThat(group.inFlight()).isZero();
  }

  @Test
  void theResponseTimeIsReportedOnce() {
    Lease lease = load.begin(0);
    lease.headersReceived(10 * MS);
    lease.headersReceived(500 * MS);

    assertThat(load.responseTime(10 * MS)).isEqualTo(10.0 * MS);
  }

  @Test
  void nothingIsReportedAfterTheEnd() {
    Lease lease = load.begin(0);
    lease.close();
    lease.headersReceived(10 * MS);
    lease.failed(20 * MS);

    assertThat(load.responseTime(20 * MS)).isZero();
  }

  @Test
  void anAnswerThatBreaksOffCountsAsAFailureOnce() {
    Lease lease = load.begin(0);
    lease.headersReceived(10 * MS);
    lease.failed(1000 * MS);
    double after = load.responseTime(1000 * MS);
    lease.failed(1000 * MS);
    lease.headersReceived(1000 * MS);

    assertThat(after).isGreaterThan(500 * MS);
    assertThat(load.responseTime(1000 * MS)).isEqualTo(after);
  }

  @Test
  void aCallWithoutAResponseTimeReportsNone() {
    try (Lease stream = load.begin(0)) {
      assertThat(stream).isNotNull();
    }

    assertThat(load.responseTime(MS)).isZero();
  }
}
