package shop.notification.mail;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;
import shop.common.money.DeclineReason;
import shop.notification.Delivery;
import shop.notification.Notice;

/** Renders mails from the templates in {@code templates/mail}. */
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
    Map<String, Object> variables = new HashMap<>();
    variables.put("shop", settings.shopName());
    variables.put("number", number);
    variables.put("orderId", delivery.orderId().toString());
    String subject =
        switch (delivery.notice()) {
          case Notice.OrderPlaced placed -> {
            variables.put("total", Amounts.format(placed.total()));
            variables.put("items", lineItems(placed.items()));
            yield "We have received your order " + number;
          }
          case Notice.OrderConfirmed confirmed -> {
            variables.put("total", Amounts.format(confirmed.total()));
            yield "Your order " + number + " is confirmed";
          }
          case Notice.PaymentFailed failed -> {
            variables.put("total", Amounts.format(failed.total()));
            variables.put("reason", DeclineText.of(DeclineReason.of(failed.reason())));
            yield "Your payment for order " + number + " did not go through";
          }
          case Notice.OrderCancelled cancelled -> {
            variables.put("total", Amounts.format(cancelled.total()));
            yield "Your order " + number + " is cancelled";
          }
          case Notice.MoneyRefunded refunded -> {
            variables.put("amount", Amounts.format(refunded.amount()));
            variables.put("refundedTotal", Amounts.format(refunded.refundedTotal()));
            variables.put("total", Amounts.format(refunded.total()));
            variables.put("full", refunded.coversTotal());
            yield (refunded.coversTotal() ? "Your order " : "Part of your order ")
                + number
                + " has been refunded";
          }
          case Notice.OrderShipped shipped -> {
            variables.put("carrier", shipped.carrier());
            variables.put("trackingNumber", shipped.trackingNumber());
            yield "Your order " + number + " is on its way";
          }
          case Notice.OrderDelivered delivered -> {
            variables.put("total", Amounts.format(delivered.total()));
            yield "Your order " + number + " has arrived";
          }
        };
    variables.put("subject", subject);
    var context = new Context(Locale.ENGLISH, variables);
    String template = "mail/" + delivery.notice().template();
    return new MailText(
        subject,
        templates.process(template, context),
        templates.process(template + ".txt", context));
  }

  /** A number that is short enough for a phone call: the first eight characters of the id. */
  private static String shortNumber(Delivery delivery) {
    return delivery.orderId().toString().substring(0, 8);
  }

  private static List<LineItem> lineItems(List<Notice.Item> items) {
    return items.stream()
        .map(item -> new LineItem(item.name(), item.quantity(), Amounts.format(item.lineTotal())))
        .toList();
  }

  /** A line item with its formatted total, for the templates. */
  public record LineItem(String name, int quantity, String total) {}
}
