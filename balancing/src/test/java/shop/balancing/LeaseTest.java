package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

  @Test
  void leasesThatRacingThreadsEndTwiceLeaveExactlyNone() throws Exception {
    List<Lease> leases = IntStream.range(0, 10_000).mapToObj(load::begin).toList();
    CountDownLatch start = new CountDownLatch(1);

    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> done =
          Stream.<Runnable>of(
                  () -> leases.forEach(Lease::close),
                  () -> leases.forEach(Lease::close),
                  () -> leases.forEach(lease -> lease.failed(MS)),
                  () -> leases.forEach(lease -> lease.headersReceived(MS)))
              .<Future<?>>map(task ->
                  threads.submit(() -> {
                    start.await();
                    task.run();
                    return null;
                  }))
              .toList();
      start.countDown();
      for (Future<?> future : done) {
        future.get();
      }
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
