package shop.notification.mail;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;
import shop.notification.Delivery;
import shop.notification.Notice;

/** Writes the mails from the templates in {@code templates/mail}. */
@Component
final class MailTexts {

  private final ITemplateEngine templates;
  private final MailSettings settings;

  MailTexts(ITemplateEngine templates, MailSettings settings) {
    this.templates = templates;
    this.settings = settings;
  }

  MailText of(Delivery delivery) {
    String number = shortNumber(delivery);
    Map<String, Object> words = new HashMap<>();
    words.put("shop", settings.shopName());
    words.put("number", number);
    words.put("orderId", delivery.orderId().toString());
    String subject =
        switch (delivery.notice()) {
          case Notice.OrderPlaced placed -> {
            words.put("total", Amounts.format(placed.total()));
            words.put("items", lines(placed.items()));
            yield "We have your order " + number;
          }
          case Notice.OrderConfirmed confirmed -> {
            words.put("total", Amounts.format(confirmed.total()));
            yield "Your order " + number + " is confirmed";
          }
          case Notice.PaymentFailed failed -> {
            words.put("total", Amounts.format(failed.total()));
            words.put("reason", DeclineReason.inWords(failed.reason()));
            yield "Your payment for order " + number + " did not go through";
          }
          case Notice.OrderCancelled cancelled -> {
            words.put("total", Amounts.format(cancelled.total()));
            yield "Your order " + number + " is cancelled";
          }
          case Notice.MoneyRefunded refunded -> {
            words.put("amount", Amounts.format(refunded.amount()));
            words.put("refundedTotal", Amounts.format(refunded.refundedTotal()));
            words.put("total", Amounts.format(refunded.total()));
            words.put("whole", refunded.whole());
            yield (refunded.whole() ? "Your order " : "Part of your order ")
                + number
                + " is refunded";
          }
          case Notice.OrderShipped shipped -> {
            words.put("carrier", shipped.carrier());
            words.put("trackingNumber", shipped.trackingNumber());
            yield "Your order " + number + " is on its way";
          }
          case Notice.OrderDelivered delivered -> {
            words.put("total", Amounts.format(delivered.total()));
            yield "Your order " + number + " has arrived";
          }
        };
    words.put("subject", subject);
    var context = new Context(Locale.ENGLISH, words);
    String template = "mail/" + delivery.notice().template();
    return new MailText(
        subject,
        templates.process(template, context),
        templates.process(template + ".txt", context));
  }

  /** What people read out on the phone: the id's first eight characters. */
  private static String shortNumber(Delivery delivery) {
    return delivery.orderId().toString().substring(0, 8);
  }

  private static List<Line> lines(List<Notice.Item> items) {
    return items.stream()
        .map(item -> new Line(item.name(), item.quantity(), Amounts.format(item.lineTotal())))
        .toList();
  }

  /** An item as the templates show it. */
  public record Line(String name, int quantity, String total) {}
}
