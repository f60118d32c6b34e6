package shop.payment.psp;

/**
 * A token bucket whose rate follows the provider's answers: it halves with a 429, at most once a
 * second, and grows back to its maximum within {@value #RECOVERY_SECONDS} seconds (additive
 * increase, multiplicative decrease). Tokens can be taken in advance; their owners wait. Not thread
 * safe.
 *
 * @see <a href="https://stripe.com/blog/rate-limiters">Scaling your API with rate limiters</a>
 */
final class TokenBucket {

  private static final double SECOND = 1e9;
  private static final double RECOVERY_SECONDS = 20;

  /** The tokens of a quarter second: with them no second has more than 1.25 times the rate. */
  private static final double BURST_SECONDS = 0.25;

  private final double maxRate;
  private final double minRate;
  private final double capacity;
  private double rate;
  private double tokens;
  private long updatedAt;
  private long slowedAt;

  /**
   * Creates a full bucket.
   *
   * @param maxRate tokens a second
   * @param now nanoseconds
   */
  TokenBucket(double maxRate, long now) {
    this.maxRate = maxRate;
    this.minRate = Math.min(1, maxRate);
    this.capacity = Math.max(1, maxRate * BURST_SECONDS);
    this.rate = maxRate;
    this.tokens = capacity;
    this.updatedAt = now;
    this.slowedAt = now - (long) SECOND;
  }

  /** Nanoseconds until the next token is there; 0 if there is one. */
  long waitFor(long now) {
    update(now);
    return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / rate * SECOND);
  }

  /** Takes the next token, which may come later. */
  void take(long now) {
    update(now);
    tokens--;
  }

  /**
   * Halves the rate and drops the tokens that were saved.
   *
   * @return false if the rate was halved less than a second ago and stays as it is
   */
  boolean slowDown(long now) {
    update(now);
    tokens = Math.min(tokens, 0);
    if (now - slowedAt < SECOND) {
      return false;
    }
    rate = Math.max(minRate, rate / 2);
    slowedAt = now;
    return true;
  }

  /** Tokens a second at present. */
  double rate(long now) {
    update(now);
    return rate;
  }

  private void update(long now) {
    double seconds = Math.max(0, now - updatedAt) / SECOND;
    tokens = Math.min(capacity, tokens + seconds * rate);
    rate = Math.min(maxRate, rate + seconds * maxRate / RECOVERY_SECONDS);
    updatedAt = Math.max(updatedAt, now);
  }
}
