package shop.sandbox;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The sandbox's own settings.
 *
 * @param apiKey the secret that callers of {@code /v1} must show; there is no default
 * @param dataDir the folder of the ledger file; made if it does not exist
 * @param fsync whether a fact is on the disk before its answer leaves; without it a fact is only
 *     with the operating system, which survives kill -9 of this process but not power loss
 * @param idempotencyKeyLife how long a first answer is replayed under its key (Stripe: 24 h)
 * @param hold how long a call that is never answered stays open, unless its fault rule says so
 * @param bankDebitTime how long a bank debit stays {@code processing}, and a slow refund {@code
 *     pending}
 */
@ConfigurationProperties("sandbox")
public record SandboxSettings(
    @DefaultValue("") String apiKey,
    Path dataDir,
    @DefaultValue("true") boolean fsync,
    @DefaultValue("24h") Duration idempotencyKeyLife,
    @DefaultValue("30s") Duration hold,
    @DefaultValue("5s") Duration bankDebitTime) {

  /** Refuses settings that the sandbox cannot run with, naming the remedy. */
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
  }

  /** Leaves the key out, so that logging the settings is harmless. */
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
