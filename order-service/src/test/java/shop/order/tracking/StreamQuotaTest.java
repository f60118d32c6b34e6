package shop.order.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import shop.common.problem.Problem;
import shop.common.security.Caller;

/** How many event streams an account, and all accounts together, may have open. */
class StreamQuotaTest {

  private final StreamQuota quota =
      new StreamQuota(
          new TrackingSettings(Duration.ofSeconds(15), Duration.ofMinutes(10), 2, 3, 4));

  @Test
  void aCustomerHasItsOwnLimit() {
    var customer = caller(Caller.CUSTOMER);
    quota.acquire(customer);
    quota.acquire(customer);

    assertRefused(customer, 429);
    quota.acquire(caller(Caller.CUSTOMER));
  }

  @Test
  void anAdminHasAnotherLimit() {
    var admin = caller(Caller.ADMIN);
    for (int i = 0; i < 3; i++) {
      quota.acquire(admin);
    }

    assertRefused(admin, 429);
  }

  @Test
  void allCallersTogetherHaveALimit() {
    for (int i = 0; i < 4; i++) {
      quota.acquire(caller(Caller.CUSTOMER));
    }

    assertRefused(caller(Caller.CUSTOMER), 503);
  }

  @Test
  void aClosedStreamMakesRoom() {
    var customer = caller(Caller.CUSTOMER);
    quota.acquire(customer);
    quota.acquire(customer);

    quota.release(customer.id());

    quota.acquire(customer);
    assertRefused(customer, 429);
  }

  private void assertRefused(Caller caller, int status) {
    assertThatThrownBy(() -> quota.acquire(caller))
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.getStatusCode().value()).isEqualTo(status);
              assertThat(problem.getHeaders().getFirst("Retry-After")).isNotNull();
            });
  }

  private static Caller caller(String role) {
    return new Caller(UUID.randomUUID(), "session", Set.of(role));
  }
}
