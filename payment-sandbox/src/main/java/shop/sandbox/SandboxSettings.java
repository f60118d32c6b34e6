package shop.sandbox;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The sandbox's own settings.
 *
 * @param apiKey the secret that callers of {@code /v1} must send; there is no default
 * @param dataDir the folder of the ledger; created if it does not exist
 * @param fsync whether a fact is on disk before the response is sent; without it the fact may only
 *     be in the operating system's page cache, which survives kill -9 of this process but not power
 *     loss
 * @param idempotencyKeyLife how long the first response is replayed under its key (Stripe: 24 h)
 * @param hold how long the connection of an unanswered call stays open, unless its fault rule sets
 *     another time
 * @param bankDebitTime how long a bank debit stays {@code processing}, and a slow refund {@code
 *     pending}
 * @param callsPerSecond calls of {@code /v1} a second; further ones get 429 (0: no limit)
 * @param endpointCallsPerSecond the same for each endpoint
 */
@ConfigurationProperties("sandbox")
public record SandboxSettings(
    @DefaultValue("") String apiKey,
    Path dataDir,
    @DefaultValue("true") boolean fsync,
    @DefaultValue("24h") Duration idempotencyKeyLife,
    @DefaultValue("30s") Duration hold,
    @DefaultValue("5s") Duration bankDebitTime,
    @DefaultValue("0") int callsPerSecond,
    @DefaultValue("0") int endpointCallsPerSecond) {

  /** Rejects invalid settings; the message contains the remedy. */
  public SandboxSettings {
    if (apiKey.isBlank()) {
      throw new IllegalArgumentException(
          "The sandbox has no API key: set SANDBOX_API_KEY to the secret that payment-service"
              + " uses, for example sk_test_ followed by 32 random characters.");
    }
    requirePositive("sandbox.idempotency-key-life", idempotencyKeyLife);
    requirePositive("sandbox.hold", hold);
    if (bankDebitTime.isNegative()) {
      throw new IllegalArgumentException("sandbox.bank-debit-time must not be negative.");
    }
    if (callsPerSecond < 0 || endpointCallsPerSecond < 0) {
      throw new IllegalArgumentException(
          "sandbox.calls-per-second and sandbox.endpoint-calls-per-second must not be negative.");
    }
  }

  /** Omits the API key, so that the settings can be logged. */
  @Override
  public String toString() {
    return "SandboxSettings[dataDir=%s, fsync=%s, idempotencyKeyLife=%s, hold=%s, bankDebitTime=%s]"
        .formatted(dataDir, fsync, idempotencyKeyLife, hold, bankDebitTime);
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " must be longer than zero, but is " + value + ".");
    }
  }
}
