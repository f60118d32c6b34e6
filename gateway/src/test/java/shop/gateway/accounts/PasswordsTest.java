package shop.gateway.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shop.common.problem.Problem;

/** Hashing, a few at a time. */
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
  void whoWaitsTooLongIsRefused() {
    var passwords = new Passwords(new HashingSettings(1, 100, Duration.ofMillis(1)), random);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      IntStream.range(0, 50).forEach(_ -> threads.execute(() -> refusedOrDone(passwords)));

      await()
          .untilAsserted(() ->
              assertThatThrownBy(() -> passwords.hash("correct horse battery"))
                  .isInstanceOfSatisfying(
                      Problem.class,
                      problem -> assertThat(problem.getStatusCode().value()).isEqualTo(503)));
    }
  }

  private static void refusedOrDone(Passwords passwords) {
    for (int number = 0; number < 5; number++) {
      try {
        passwords.hash("correct horse battery");
      } catch (Problem refused) {
        assertThat(refused.getStatusCode().value()).isEqualTo(503);
      }
    }
  }

  private static Account account(String hash) {
    return new Account(UUID.randomUUID(), "a@b.org", hash, Set.of("CUSTOMER"), "1");
  }
}
