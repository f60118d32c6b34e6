package shop.notification.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.thymeleaf.autoconfigure.ThymeleafAutoConfiguration;
import shop.common.money.DeclineReason;
import shop.common.money.Money;
import shop.notification.Channel;
import shop.notification.Delivery;
import shop.notification.Notice;

/** Writes the mails to {@code target/mails}, where they can be viewed in a browser. */
@SpringBootTest(
    classes = {ThymeleafAutoConfiguration.class, TemplateConfiguration.class},
    webEnvironment = WebEnvironment.NONE)
@Tag("slow")
class MailTextsTest {

  private static final UUID ORDER = UUID.fromString("7d0e6f0c-5f1b-5c3a-9a55-0d6a3c1c9b10");
  private static final Money TOTAL = new Money(13470, "EUR");

  @Autowired private org.thymeleaf.ITemplateEngine templates;

  @Test
  void placedOrderListsItsItemsAndTotal() throws IOException {
    var text =
        text(
            new Notice.OrderPlaced(
                List.of(
                    new Notice.Item("White mug", 2, new Money(2580, "EUR")),
                    new Notice.Item(
                        "Linen tablecloth with a hand-stitched border, 140 × 220 cm",
                        1,
                        new Money(8900, "EUR")),
                    new Notice.Item("Salt & <pepper>", 12, new Money(1990, "EUR"))),
                TOTAL));
    assertThat(text.subject()).isEqualTo("We have received your order 7d0e6f0c");
    assertThat(text.plain())
        .contains("  2 x White mug: €25.80\n  1 x Linen")
        .contains("12 x Salt & <pepper>: €19.90")
        .contains("Total: €134.70");
    assertThat(text.html())
        .contains("White mug", "× 2", "€25.80", "Salt &amp; &lt;pepper&gt;", "€134.70");
  }

  @Test
  void confirmedOrderSaysWhatWasPaid() throws IOException {
    var text = text(new Notice.OrderConfirmed(TOTAL));
    assertThat(text.subject()).isEqualTo("Your order 7d0e6f0c is confirmed");
    assertThat(text.plain()).contains("Your payment of €134.70");
    assertThat(text.html()).contains("Paid", "€134.70");
  }

  @Test
  void failedPaymentSaysWhyAndThatNothingWasCharged() throws IOException {
    var text = text(new Notice.PaymentFailed(TOTAL, "expired_card"));
    assertThat(text.subject()).isEqualTo("Your payment for order 7d0e6f0c did not go through");
    assertThat(text.plain()).contains("Nothing was charged", "Your card has expired.");
    assertThat(text.html()).contains("Nothing was charged", "Your card has expired.");
  }

  @Test
  void cancelledOrderSaysThatNothingWasCharged() throws IOException {
    var text = text(new Notice.OrderCancelled(new Money(2580, "JPY")));
    assertThat(text.subject()).isEqualTo("Your order 7d0e6f0c is cancelled");
    assertThat(text.plain()).contains("Nothing was charged", "shows ¥2,580 as reserved");
    assertThat(text.html()).contains("Nothing was charged", "¥2,580");
  }

  @Test
  void partialRefundSaysHowMuchNowAndSoFar() throws IOException {
    var text =
        text(new Notice.MoneyRefunded(new Money(1000, "EUR"), new Money(3500, "EUR"), TOTAL));
    assertThat(text.subject()).isEqualTo("Part of your order 7d0e6f0c has been refunded");
    assertThat(text.plain())
        .startsWith("Part of your order 7d0e6f0c has been refunded\n")
        .contains(
            "refunded €10.00 to the card",
            "Of the €134.70 that you paid, €35.00 has been refunded so far")
        .doesNotContain("All of");
    assertThat(text.html())
        .contains("Part of your order has been refunded", "€10.00", "€35.00", "€134.70")
        .doesNotContain("All of");
  }

  @Test
  void fullRefundSaysThatTheWholeAmountIsRefunded() throws IOException {
    var text = text(new Notice.MoneyRefunded(new Money(1000, "EUR"), TOTAL, TOTAL));
    assertThat(text.subject()).isEqualTo("Your order 7d0e6f0c has been refunded");
    assertThat(text.plain())
        .startsWith("Your order 7d0e6f0c has been refunded\n")
        .contains(
            "refunded €10.00 to the card", "All of the €134.70 that you paid has now been refunded")
        .doesNotContain("so far", "Part of");
    assertThat(text.html()).contains("€10.00", "All of the").doesNotContain("so far", "Part of");
  }

  @Test
  void shippedOrderNamesCarrierAndTrackingNumber() throws IOException {
    var text = text(new Notice.OrderShipped("Brown & <Sons>", "EX-<1>"));
    assertThat(text.subject()).isEqualTo("Your order 7d0e6f0c is on its way");
    assertThat(text.plain()).contains("Brown & <Sons> is delivering it", "  EX-<1>\n");
    assertThat(text.html()).contains("Brown &amp; &lt;Sons&gt;", "EX-&lt;1&gt;");
  }

  @Test
  void deliveredOrderSaysSo() throws IOException {
    var text = text(new Notice.OrderDelivered(TOTAL));
    assertThat(text.subject()).isEqualTo("Your order 7d0e6f0c has arrived");
    assertThat(text.plain()).contains("has arrived");
    assertThat(text.html()).contains("Your order has arrived", "Delivered");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stolen_card", "lost_card", "fraudulent", "a_code_of_next_year"})
  void codesThatImplyFraudOrAreUnknownAreDescribedAsADecline(String code) {
    assertThat(DeclineText.of(DeclineReason.of(code))).isEqualTo("Your bank declined the payment.");
  }

  private MailText text(Notice notice) throws IOException {
    var delivery = Delivery.of(ORDER, 1, Channel.EMAIL, UUID.randomUUID(), notice);
    var text =
        new MailTexts(templates, new MailSettings("orders@shop.test", "The Shop")).of(delivery);
    assertThat(text.html()).doesNotContain(" th:").contains("<title>" + text.subject());
    var folder = Files.createDirectories(Path.of("target/mails"));
    Files.writeString(folder.resolve(notice.template() + ".html"), text.html());
    return text;
  }
}
