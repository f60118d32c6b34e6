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
 * Hashes and compares passwords with argon2id, m=19456 KiB, t=2, p=1 (OWASP Password Storage Cheat
 * Sheet), a few at a time. Blocks: not for the event loop.
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
  private final String nobodys;

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
    this.nobodys =
        "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
            .formatted(
                MEMORY_KIB, PASSES, LANES, base64(random, SALT_BYTES), base64(random, HASH_BYTES));
  }

  /** The PHC string of a password. */
  String hash(String password) {
    return inTurn(() -> String.valueOf(argon2.encode(password)));
  }

  /** Whether it is the account's; without an account the same work is done for nothing. */
  public boolean match(String password, @Nullable Account account) {
    String hash = account == null ? nobodys : account.passwordHash();
    return inTurn(() -> argon2.matches(password, hash)) && account != null;
  }

  private <T> T inTurn(Supplier<T> work) {
    if (permits.getQueueLength() > settings.queue() || !acquired()) {
      throw Problem.unavailable(
          "Too many logins and registrations at once; try again", Duration.ofSeconds(1));
    }
    try {
      return work.get();
    } finally {
      permits.release();
    }
  }

  private boolean acquired() {
    try {
      return permits.tryAcquire(settings.patience().toNanos(), TimeUnit.NANOSECONDS);
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
