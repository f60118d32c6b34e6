package shop.gateway.accounts;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import shop.common.problem.Problem;

/**
 * Hashes and verifies passwords with argon2id, m=19456 KiB, t=2, p=1 (OWASP Password Storage Cheat
 * Sheet), with bounded concurrency. Blocks; must not be called on the event loop.
 */
@Component
public final class Passwords {

  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final int LANES = 1;
  private static final int MEMORY_KIB = 19_456;
  private static final int PASSES = 2;

  private final PasswordEncoder argon2;
  private final HashingSettings settings;
  private final Semaphore permits;
  private final String dummyHash;

  @Autowired
  Passwords(HashingSettings settings, SecureRandom random) {
    this(
        settings,
        random,
        new Argon2PasswordEncoder(SALT_BYTES, HASH_BYTES, LANES, MEMORY_KIB, PASSES));
  }

  Passwords(HashingSettings settings, SecureRandom random, PasswordEncoder argon2) {
    this.settings = settings;
    this.argon2 = argon2;
    this.permits = new Semaphore(settings.concurrency(), true);
    this.dummyHash =
        "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
            .formatted(
                MEMORY_KIB, PASSES, LANES, base64(random, SALT_BYTES), base64(random, HASH_BYTES));
  }

  /** Hashes a password into its PHC string. */
  String hash(String password) {
    return withPermit(() -> String.valueOf(argon2.encode(password)));
  }

  /**
   * True if the password is the account's. Without an account it compares with a dummy hash, so
   * that the response time does not reveal whether an address has an account.
   */
  public boolean match(String password, @Nullable Account account) {
    String hash = account == null ? dummyHash : account.passwordHash();
    return withPermit(() -> argon2.matches(password, hash)) && account != null;
  }

  private <T> T withPermit(Supplier<T> work) {
    if (permits.getQueueLength() > settings.queue() || !tryAcquire()) {
      throw Problem.unavailable(
          "Too many concurrent logins and registrations; retry later", Duration.ofSeconds(1));
    }
    try {
      return work.get();
    } finally {
      permits.release();
    }
  }

  private boolean tryAcquire() {
    try {
      return permits.tryAcquire(settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String base64(SecureRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Base64.getEncoder().withoutPadding().encodeToString(bytes);
  }
}
