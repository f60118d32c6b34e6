package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import shop.common.money.Money;

class PaymentTest {

  private static final UUID ORDER = UUID.randomUUID();
  private static final UUID CUSTOMER = UUID.randomUUID();
  private static final Money AMOUNT = new Money(100, "EUR");
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = FIRST.plusSeconds(1);

  @Test
  void firstIntentOfTheLogStays() {
    var payment = Payment.after(null, ORDER, started("pi_1", 1), FIRST);

    assertThat(Payment.after(payment, ORDER, started("pi_2", 2), LATER)).isSameAs(payment);
    assertThat(payment.intentId()).isEqualTo("pi_1");
    assertThat(payment.isSettled()).isFalse();
  }

  @Test
  void firstResultOfTheLogStays() {
    var started = Payment.after(null, ORDER, started("pi_1", 1), FIRST);
    var captured =
        Payment.after(started, ORDER, new PaymentEvent.Captured(CUSTOMER, "pi_1", AMOUNT), LATER);

    var again =
        Payment.after(
            captured,
            ORDER,
            new PaymentEvent.Declined(CUSTOMER, "pi_1", AMOUNT, "late"),
            LATER.plusSeconds(1));

    assertThat(again).isSameAs(captured);
    assertThat(captured.status()).isEqualTo(PaymentStatus.CAPTURED);
    assertThat(captured.updatedAt()).isEqualTo(LATER);
  }

  @Test
  void declineKeepsItsReason() {
    var started = Payment.after(null, ORDER, started("pi_1", 1), FIRST);
    var declined =
        Payment.after(
            started,
            ORDER,
            new PaymentEvent.Declined(CUSTOMER, "pi_1", AMOUNT, "expired_card"),
            LATER);

    assertThat(declined.status()).isEqualTo(PaymentStatus.DECLINED);
    assertThat(declined.reason()).isEqualTo("expired_card");
    assertThat(declined.isSettled()).isTrue();
  }

  private static PaymentEvent started(String intent, int attempt) {
    return new PaymentEvent.Started(CUSTOMER, intent, attempt, AMOUNT);
  }
}
