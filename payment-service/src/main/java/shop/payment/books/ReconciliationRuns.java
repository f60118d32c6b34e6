package shop.payment.books;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import shop.payment.LogUnavailable;
import shop.payment.ProviderFailure;

/**
 * Reconciles by itself, window by window, and logs refunds that failed after they had succeeded.
 * Each pass compares everything once, at its age; its position is stored after each window, so a
 * restart or another instance continues there. Reasons: docs/decisions/0031-reconciliation.md.
 */
@Component
public class ReconciliationRuns {

  /** More differences than an admin can look at; the pass waits until fewer are open. */
  static final int MAX_OPEN = 100;

  private static final Logger log = LoggerFactory.getLogger(ReconciliationRuns.class);

  private final Reconciliation reconciliation;
  private final ReconciliationPasses passes;
  private final LoggedBooks books;
  private final Leadership leadership;
  private final ReconciliationSettings settings;
  private final Clock clock;
  private final Instant startedAt;
  private Instant notBefore = Instant.MIN;

  ReconciliationRuns(
      Reconciliation reconciliation,
      ReconciliationPasses passes,
      LoggedBooks books,
      Leadership leadership,
      ReconciliationSettings settings,
      Clock clock) {
    this.reconciliation = reconciliation;
    this.passes = passes;
    this.books = books;
    this.leadership = leadership;
    this.settings = settings;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  /** The passes that have begun, youngest age first. */
  public List<ReconciliationPass> passes() {
    return settings.passes().stream().map(passes::find).flatMap(Optional::stream).toList();
  }

  /** How far the slowest pass is behind; since the start of this instance if one has not begun. */
  Duration lag() {
    var now = clock.instant();
    return settings.passes().stream()
        .map(age ->
            passes
                .find(age)
                .map(pass -> pass.lag(now))
                .orElseGet(() -> Duration.between(startedAt, now)))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** The number of open differences of all passes. */
  long openDifferences() {
    return passes().stream().flatMap(pass -> pass.open().stream()).distinct().count();
  }

  /** Runs the windows that are due. */
  @Scheduled(fixedDelayString = "${shop.books.reconciliation.check-interval}")
  void run() {
    if (!leadership.isLeader() || clock.instant().isBefore(notBefore)) {
      return;
    }
    try {
      settings.passes().forEach(this::run);
    } catch (ProviderFailure | LogUnavailable | DataAccessException e) {
      log.warn(
          "The reconciliation was interrupted; it continues in {}: {}",
          settings.checkInterval(),
          e.getMessage());
    } catch (RuntimeException e) {
      log.error("The reconciliation failed; it continues in {}", settings.checkInterval(), e);
    }
  }

  private void run(Duration age) {
    var end = clock.instant().minus(age);
    var pass = passes.find(age).orElseGet(() -> begin(age, end));
    if (isDue(pass, end)) {
      pass = new ReconciliationPass(age, pass.until(), recheck(pass.open()));
    }
    while (isDue(pass, end) && leadership.isLeader()) {
      var period = new Period(pass.until(), pass.until().plus(settings.window()));
      var open =
          Stream.concat(
                  pass.open().stream(),
                  reconciliation.reconcile(period).differences().stream().peek(this::report))
              .distinct()
              .toList();
      if (open.size() > MAX_OPEN) {
        passes.save(new ReconciliationPass(age, pass.until(), open.subList(0, MAX_OPEN)));
        notBefore = clock.instant().plus(settings.window());
        log.error(
            "The reconciliation of payments from {} has found more than {} differences and repeats"
                + " this window until there are fewer; resolve them",
            pass.until(),
            MAX_OPEN);
        return;
      }
      pass = new ReconciliationPass(age, period.to(), open);
      passes.save(pass);
    }
  }

  private boolean isDue(ReconciliationPass pass, Instant end) {
    return !pass.until().plus(settings.window()).isAfter(end);
  }

  /**
   * The first pass begins with the oldest payment in the log. The others begin now: the first one
   * sees older payments at a greater age than theirs.
   */
  private ReconciliationPass begin(Duration age, Instant end) {
    var until =
        age.equals(settings.passes().getFirst())
            ? oldest().map(at -> at.minus(settings.window())).orElse(end)
            : end;
    var pass = new ReconciliationPass(age, until.truncatedTo(ChronoUnit.SECONDS), List.of());
    passes.save(pass);
    return pass;
  }

  private Optional<Instant> oldest() {
    books.readToEnd();
    return books.oldestIntent();
  }

  private List<Difference> recheck(List<Difference> open) {
    List<Difference> remaining = new ArrayList<>();
    open.forEach(difference -> reconciliation.recheck(difference).ifPresent(remaining::add));
    return remaining;
  }

  private void report(Difference difference) {
    log.warn(
        "The log of payments differs from the payment provider: {}; see"
            + " GET /admin/payments/reconciliation",
        difference);
  }
}
