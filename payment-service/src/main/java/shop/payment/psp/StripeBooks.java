package shop.payment.psp;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.RefundListParams;
import com.stripe.service.PaymentIntentService;
import com.stripe.service.RefundService;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import shop.common.money.ChargeableAmounts;
import shop.common.money.Money;
import shop.payment.books.Period;
import shop.payment.books.ProviderBooks;

/**
 * Stripe's lists of payment intents and refunds. Stripe's times, and so a period, are whole
 * seconds.
 */
final class StripeBooks implements ProviderBooks {

  private static final int NOT_FOUND = 404;

  private final PaymentIntentService intents;
  private final RefundService refunds;

  StripeBooks(StripeClient stripe) {
    this.intents = stripe.v1().paymentIntents();
    this.refunds = stripe.v1().refunds();
  }

  @Override
  public Stream<BookedCharge> charges(Period period) {
    var created = PaymentIntentListParams.Created.builder().setLt(period.to().getEpochSecond());
    if (period.from() != null) {
      created.setGte(period.from().getEpochSecond());
    }
    Stream<PaymentIntent> all =
        StripeLists.all(last ->
            intents.list(
                PaymentIntentListParams.builder()
                    .setCreated(created.build())
                    .setLimit(StripeLists.PAGE)
                    .setStartingAfter(last)
                    .build()));
    return all.map(StripeBooks::bookedCharge);
  }

  @Override
  public Stream<BookedRefund> refunds(Period period) {
    var created = RefundListParams.Created.builder().setLt(period.to().getEpochSecond());
    if (period.from() != null) {
      created.setGte(period.from().getEpochSecond());
    }
    Stream<Refund> all =
        StripeLists.all(last ->
            refunds.list(
                RefundListParams.builder()
                    .setCreated(created.build())
                    .setLimit(StripeLists.PAGE)
                    .setStartingAfter(last)
                    .build()));
    return all.map(StripeBooks::bookedRefund);
  }

  @Override
  public Optional<BookedCharge> charge(String intentId) {
    return retrieve(() -> bookedCharge(intents.retrieve(intentId)));
  }

  @Override
  public Optional<BookedRefund> refund(String id) {
    return retrieve(() -> bookedRefund(refunds.retrieve(id)));
  }

  private interface Call<T> {
    T make() throws StripeException;
  }

  private static <T> Optional<T> retrieve(Call<T> call) {
    try {
      return Optional.of(call.make());
    } catch (StripeException e) {
      if (e.getStatusCode() != null && e.getStatusCode() == NOT_FOUND) {
        return Optional.empty();
      }
      throw StripeFailures.of("retrieve", e);
    }
  }

  private static BookedCharge bookedCharge(PaymentIntent intent) {
    return new BookedCharge(
        intent.getId(),
        intent.getMetadata().get(StripePayments.ORDER_ID),
        money(intent.getAmountReceived(), intent.getCurrency()),
        Instant.ofEpochSecond(intent.getCreated()));
  }

  private static BookedRefund bookedRefund(Refund refund) {
    boolean succeeded = "succeeded".equals(refund.getStatus());
    return new BookedRefund(
        refund.getId(),
        refund.getPaymentIntent(),
        refund.getMetadata().get(StripePayments.ORDER_ID),
        refund.getMetadata().get(StripePayments.REFUND_ID),
        money(succeeded ? refund.getAmount() : 0L, refund.getCurrency()),
        StripePayments.failureReason(refund).orElse(null),
        Instant.ofEpochSecond(refund.getCreated()));
  }

  private static Money money(long amount, String currency) {
    return ChargeableAmounts.ofProviderUnits(amount, currency.toUpperCase(Locale.ROOT));
  }
}
