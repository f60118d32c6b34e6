package shop.payment.psp;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Keeps this instance's calls below the provider's limits: one token bucket for all calls of the
 * account, and one for each endpoint. A call waits for its tokens if they come soon; otherwise it
 * is not made, and its caller waits without occupying anything. Reasons:
 * docs/decisions/0029-provider-limits.md.
 */
final class CallLimiter implements ApplicationListener<ContextClosedEvent> {

  /** Ids in paths: {@code GET /v1/payment_intents/pi_1} and {@code …/pi_2} are one endpoint. */
  private static final Pattern ID = Pattern.compile("/(pi|re|ch)_[^/]+");

  /** The reason with which Stripe refuses a call because of the account's limits. */
  private static final String GLOBAL = "global-";

  private final double endpointRate;
  private final LongSupplier nanoTime;
  private final TokenBucket account;
  private final Map<String, TokenBucket> endpoints = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * Creates a limiter.
   *
   * @param accountRate calls a second
   * @param endpointRate calls a second of each endpoint
   */
  CallLimiter(double accountRate, double endpointRate, LongSupplier nanoTime) {
    this.endpointRate = endpointRate;
    this.nanoTime = nanoTime;
    this.account = new TokenBucket(accountRate, nanoTime.getAsLong());
  }

  /** The endpoint of a call, as Stripe counts them. */
  static String endpoint(String method, String path) {
    return method + " " + ID.matcher(path).replaceAll("/{id}");
  }

  /**
   * Takes the tokens of a call and waits until they are there.
   *
   * @return how long it waited; empty if that would take longer than the maximum, or while this is
   *     being closed: then the call must not be made
   */
  Optional<Duration> acquire(String endpoint, Duration maxWait) throws InterruptedException {
    long wait = reserve(endpoint, maxWait.toNanos());
    return wait < 0 || closed.await(wait, TimeUnit.NANOSECONDS)
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(wait));
  }

  private synchronized long reserve(String endpoint, long maxWait) {
    long now = nanoTime.getAsLong();
    var bucket = bucket(endpoint, now);
    long wait = Math.max(account.waitFor(now), bucket.waitFor(now));
    if (wait > maxWait) {
      return -1;
    }
    account.take(now);
    bucket.take(now);
    return wait;
  }

  /**
   * The provider answered a call with 429.
   *
   * @param reason its header {@code Stripe-Rate-Limited-Reason}; empty if it sent none
   * @return true if the rate was reduced, which happens at most once a second
   */
  synchronized boolean onRateLimited(String endpoint, String reason) {
    long now = nanoTime.getAsLong();
    boolean slower = bucket(endpoint, now).slowDown(now);
    if (reason.isEmpty() || reason.startsWith(GLOBAL)) {
      slower |= account.slowDown(now);
    }
    return slower;
  }

  /** Calls a second that the account's bucket allows at present. */
  synchronized double rate() {
    return account.rate(nanoTime.getAsLong());
  }

  /** Ends all waits when the service stops; their calls are not made. */
  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    close();
  }

  void close() {
    closed.countDown();
  }

  private TokenBucket bucket(String endpoint, long now) {
    return endpoints.computeIfAbsent(endpoint, _ -> new TokenBucket(endpointRate, now));
  }
}
