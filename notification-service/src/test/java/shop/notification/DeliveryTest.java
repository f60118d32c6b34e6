package shop.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import shop.common.json.Json;
import shop.common.money.Money;

class DeliveryTest {

  private static final UUID ORDER = UUID.fromString("7d0e6f0c-5f1b-5c3a-9a55-0d6a3c1c9b10");
  private static final UUID ADA = UUID.fromString("2f1c1c56-54f8-5ac2-8f0b-6d0b7c1f4a11");
  private static final Money TOTAL = new Money(2580, "EUR");

  @Test
  void sameEventProducesTheSameId() {
    var first = Delivery.of(ORDER, 2, Channel.EMAIL, ADA, new Notice.OrderConfirmed(TOTAL));
    var again = Delivery.of(ORDER, 2, Channel.EMAIL, ADA, new Notice.OrderConfirmed(TOTAL));
    assertThat(again.id()).isEqualTo(first.id());
    assertThat(first.id().version()).isEqualTo(5);
  }

  @Test
  void anotherSequenceOrRecipientProducesAnotherId() {
    var notice = new Notice.OrderConfirmed(TOTAL);
    assertThat(
            List.of(
                Delivery.of(ORDER, 2, Channel.EMAIL, ADA, notice).id(),
                Delivery.of(ORDER, 3, Channel.EMAIL, ADA, notice).id(),
                Delivery.of(ORDER, 2, Channel.EMAIL, ORDER, notice).id()))
        .doesNotHaveDuplicates();
  }

  @Test
  void everyNoticeEqualsItselfAfterAJsonRoundTrip() {
    for (var notice :
        List.of(
            new Notice.OrderPlaced(List.of(new Notice.Item("White mug", 2, TOTAL)), TOTAL),
            new Notice.OrderConfirmed(TOTAL),
            new Notice.PaymentFailed(TOTAL, "expired_card"))) {
      var delivery = Delivery.of(ORDER, 1, Channel.EMAIL, ADA, notice);
      assertThat(Json.read(Json.bytes(delivery), Delivery.class)).isEqualTo(delivery);
    }
  }
}
