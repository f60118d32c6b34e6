package shop.gateway.breaker;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A clock that nobody sets: a breaker stays open no longer when the machine's clock is put back.
 */
final class TickerClock extends Clock {

  private final LongSupplier ticker;
  private final long begin;

  TickerClock(LongSupplier ticker) {
    this.ticker = ticker;
    this.begin = ticker.getAsLong();
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(ticker.getAsLong() - begin);
  }

  @Override
  public long millis() {
    return TimeUnit.NANOSECONDS.toMillis(ticker.getAsLong() - begin);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
