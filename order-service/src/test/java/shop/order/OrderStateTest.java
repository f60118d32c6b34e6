package shop.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import shop.common.json.Json;
import shop.common.money.Money;

class OrderStateTest {

  /** The processor's state store contains states that were written before. */
  @Test
  void theStoredFormOfARefundIsStable() {
    var refund = new OrderState.Refund(new Money(1290, "EUR"), OrderState.RefundState.REQUESTED);
    String stored =
        "{\"amount\":{\"amount\":1290,\"currency\":\"EUR\"},\"progress\":\"REQUESTED\"}";

    assertThat(new String(Json.bytes(refund), UTF_8)).isEqualTo(stored);
    assertThat(Json.read(stored.getBytes(UTF_8), OrderState.Refund.class)).isEqualTo(refund);
  }
}
