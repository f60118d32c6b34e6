package shop.notification.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import shop.common.json.Json;
import shop.common.money.Money;
import shop.common.testkit.Contracts;
import shop.notification.Channel;
import shop.notification.Delivery;
import shop.notification.Notice;

class DeliveryResultsTest {

  private final Delivery delivery =
      new Delivery(
          UUID.fromString("b0c1ad58-9d0c-5a7e-8a52-2c3d7fd2d0aa"),
          UUID.randomUUID(),
          2,
          Channel.EMAIL,
          UUID.randomUUID(),
          new Notice.OrderConfirmed(new Money(2580, "EUR")));

  @Test
  void sentMatchesTheContractsSample() {
    assertThat(Json.MAPPER.readTree(Json.bytes(DeliveryResults.Sent.of(delivery, 1))))
        .isEqualTo(Contracts.sample(DeliveryResults.SENT).get("data"));
  }

  @Test
  void expiredMatchesTheContractsSample() {
    assertThat(Json.MAPPER.readTree(Json.bytes(DeliveryResults.Expired.of(delivery))))
        .isEqualTo(Contracts.sample(DeliveryResults.EXPIRED).get("data"));
  }
}
