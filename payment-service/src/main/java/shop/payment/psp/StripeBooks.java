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
import shop.common.money.Money;
import shop.payment.books.Period;
import shop.payment.books.ProviderBooks;

/** What Stripe lists. Its times are whole seconds, so a period begins and ends with one. */
final class StripeBooks implements ProviderBooks {

  private static final int NOT_FOUND = 404;

  private final PaymentIntentService intents;
  private final RefundService refunds;

  StripeBooks(StripeClient stripe) {
    this.intents = stripe.v1().paymentIntents();
    this.refunds = stripe.v1().refunds();
  }

  @Override
  public Stream<Charge> charges(Period period) {
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
    return all.map(StripeBooks::charge);
  }

  @Override
  public Stream<Return> returns(Period period) {
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
    return all.map(StripeBooks::giveBack);
  }

  @Override
  public Optional<Charge> charge(String intentId) {
    return found(() -> charge(intents.retrieve(intentId)));
  }

  @Override
  public Optional<Return> giveBack(String id) {
    return found(() -> giveBack(refunds.retrieve(id)));
  }

  private interface Call<T> {
    T make() throws StripeException;
  }

  private static <T> Optional<T> found(Call<T> call) {
    try {
      return Optional.of(call.make());
    } catch (StripeException e) {
      if (e.getStatusCode() != null && e.getStatusCode() == NOT_FOUND) {
        return Optional.empty();
      }
      throw StripeFailures.of("retrieve", e);
    }
  }

  private static Charge charge(PaymentIntent intent) {
    return new Charge(
        intent.getId(),
        intent.getMetadata().get(StripePayments.ORDER_ID),
        money(intent.getAmountReceived(), intent.getCurrency()),
        Instant.ofEpochSecond(intent.getCreated()));
  }

  private static Return giveBack(Refund refund) {
    boolean moved = "succeeded".equals(refund.getStatus());
    return new Return(
        refund.getId(),
        refund.getPaymentIntent(),
        refund.getMetadata().get(StripePayments.ORDER_ID),
        refund.getMetadata().get(StripePayments.REFUND_ID),
        money(moved ? refund.getAmount() : 0L, refund.getCurrency()),
        Instant.ofEpochSecond(refund.getCreated()));
  }

  private static Money money(long amount, String currency) {
    return new Money(amount, currency.toUpperCase(Locale.ROOT));
  }
}
