package shop.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.model.HasId;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lists filtered by time and read page by page, as for bookkeeping, with an unmodified stripe-java.
 */
@Tag("slow")
class ListsTest {

  @TempDir private static Path data;
  private static RunningSandbox sandbox;

  @BeforeAll
  static void start() {
    sandbox = new RunningSandbox(data);
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @Test
  void intentsAndRefundsOfAPeriodAreListedCompletely() throws StripeException {
    sandbox.paid("before", 100);
    sandbox.clock.pass(Duration.ofHours(1));
    long from = sandbox.clock.instant().getEpochSecond();
    var intents = new ArrayList<String>();
    var refunds = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      var paid = sandbox.paid("within", 100 + i);
      intents.addFirst(paid.getId());
      refunds.addFirst(refund(paid.getId()));
      sandbox.clock.pass(Duration.ofSeconds(10));
    }
    long to = sandbox.clock.instant().getEpochSecond();
    refund(sandbox.paid("after", 100).getId());

    var intentsListed =
        sandbox
            .stripe()
            .v1()
            .paymentIntents()
            .list(
                PaymentIntentListParams.builder()
                    .setCreated(
                        PaymentIntentListParams.Created.builder().setGte(from).setLt(to).build())
                    .setLimit(2L)
                    .build());
    var refundsListed =
        sandbox
            .stripe()
            .v1()
            .refunds()
            .list(
                RefundListParams.builder()
                    .setCreated(RefundListParams.Created.builder().setGte(from).setLt(to).build())
                    .setLimit(2L)
                    .build());

    assertThat(ids(intentsListed.autoPagingIterable())).isEqualTo(intents);
    assertThat(ids(refundsListed.autoPagingIterable())).isEqualTo(refunds);
  }

  @Test
  void createdSelectsOneSecond() throws StripeException {
    sandbox.clock.pass(Duration.ofHours(1));
    var made = sandbox.create("second", 100, "pm_card_visa");
    sandbox.clock.pass(Duration.ofSeconds(1));
    sandbox.create("second", 100, "pm_card_visa");

    var listed =
        sandbox
            .stripe()
            .v1()
            .paymentIntents()
            .list(PaymentIntentListParams.builder().setCreated(made.getCreated()).build());

    assertThat(ids(listed.getData())).containsExactly(made.getId());
  }

  private static String refund(String intent) throws StripeException {
    return sandbox
        .stripe()
        .v1()
        .refunds()
        .create(RefundCreateParams.builder().setPaymentIntent(intent).build())
        .getId();
  }

  private static List<String> ids(Iterable<? extends HasId> items) {
    var ids = new ArrayList<String>();
    items.forEach(item -> ids.add(item.getId()));
    return ids;
  }
}
