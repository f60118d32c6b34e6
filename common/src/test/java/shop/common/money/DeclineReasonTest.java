package shop.common.money;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeclineReasonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stolen_card",
        "lost_card",
        "pickup_card",
        "fraudulent",
        "merchant_blacklist",
        "do_not_honor",
        "a_code_of_tomorrow"
      })
  void codesThatWouldWarnAThiefOrAreUnknownAreAGenericDecline(String code) {
    assertThat(DeclineReason.of(code)).isEqualTo(DeclineReason.PAYMENT_DECLINED);
  }

  @ParameterizedTest
  @EnumSource
  void publishedReasonStaysItself(DeclineReason reason) {
    assertThat(DeclineReason.of(reason.code())).isEqualTo(reason);
  }

  @ParameterizedTest
  @EnumSource
  void publishedReasonOfARefundStaysItself(RefundFailureReason reason) {
    assertThat(RefundFailureReason.of(reason.code())).isEqualTo(reason);
  }

  @Test
  void lostCardIsNotNamedByARefund() {
    assertThat(RefundFailureReason.of("lost_or_stolen_card"))
        .isEqualTo(RefundFailureReason.of("expired_or_canceled_card"));
  }
}
