package shop.gateway.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import shop.common.problem.Problem;

/** Hashing and verifying passwords, and the limit of concurrent calls. */
class PasswordsTest {

  private final SecureRandom random = new SecureRandom();

  @Test
  void hashesWithTheParametersOfTheDesign() {
    var passwords = new Passwords(new HashingSettings(1, 10, Duration.ofSeconds(10)), random);

    String hash = passwords.hash("correct horse battery");

    assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(passwords.match("correct horse battery", account(hash))).isTrue();
    assertThat(passwords.match("correct horse batterz", account(hash))).isFalse();
    assertThat(passwords.match("correct horse battery", null)).isFalse();
  }

  @Test
  void callThatWaitsTooLongIsRejected() throws Exception {
    var started = new CountDownLatch(1);
    var finish = new CountDownLatch(1);
    var settings = new HashingSettings(1, 100, Duration.ofMillis(1));
    var passwords = new Passwords(settings, random, new BlockingEncoder(started, finish));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(() -> passwords.hash("correct horse battery"));
      started.await();

      assertThatThrownBy(() -> passwords.hash("correct horse battery"))
          .isInstanceOfSatisfying(
              Problem.class, problem -> assertThat(problem.getStatusCode().value()).isEqualTo(503));

      finish.countDown();
      assertThat(first).succeedsWithin(Duration.ofSeconds(30));
    }
  }

  /** Blocks until the test opens the latch, then hashes. */
  private record BlockingEncoder(CountDownLatch started, CountDownLatch finish)
      implements PasswordEncoder {
    @Override
    public String encode(CharSequence password) {
      started.countDown();
      try {
        finish.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8().encode(password);
    }

    @Override
    public boolean matches(CharSequence password, String hash) {
      return false;
    }
  }

  private static Account account(String hash) {
    return new Account(UUID.randomUUID(), "a@b.org", hash, Set.of("CUSTOMER"), "1");
  }
}
