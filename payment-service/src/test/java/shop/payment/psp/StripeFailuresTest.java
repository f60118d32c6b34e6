package shop.payment.psp;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.RateLimitException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shop.payment.ProviderFailure;

class StripeFailuresTest {

  @ParameterizedTest
  @CsvSource({
    "No such PaymentMethod, payment_method, resource_missing, resource_missing",
    "This PaymentMethod was previously used, , , payment_method_unusable",
    "Not activated, , payment_method_unactivated, payment_method_unactivated",
    "Amount must be at least 0.50, amount, amount_too_small, amount_too_small",
    "Amount must be no more than, amount, amount_too_large, amount_too_large",
    "Invalid integer, amount, parameter_invalid_integer, invalid_charge_amount"
  })
  void errorsOfPaymentMethodAndAmountAreMistakesOfTheCustomer(
      String message, String param, String code, String reason) {
    var error = new InvalidRequestException(message, param, "req_1", code, 400, null);

    assertThat(StripeFailures.customerMistake(error)).contains(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "No such payment_intent, intent, resource_missing, 404",
    "Invalid currency, currency, , 400",
    "Received unknown parameter, payment_method_types, parameter_unknown, 400",
    "Unexpected state, , payment_intent_unexpected_state, 400"
  })
  void otherErrorsAreNot(String message, String param, String code, int status) {
    var error = new InvalidRequestException(message, param, "req_1", code, status, null);

    assertThat(StripeFailures.customerMistake(error)).isEmpty();
    assertThat(StripeFailures.of("create", error)).isInstanceOf(ProviderFailure.Rejected.class);
  }

  @Test
  void tooManyCallsAreNoFailureOfTheOrder() {
    var error = new RateLimitException("Too many", null, "req_1", "lock_timeout", 429, null);

    assertThat(StripeFailures.of("confirm", error)).isInstanceOf(ProviderFailure.Throttled.class);
  }
}
