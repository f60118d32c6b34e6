package shop.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import shop.common.money.Money;

/** The transition table, row by row. Every state is reached by real transitions. */
class TransitionsTest {

  private static final PlaceOrder ORDER =
      new PlaceOrder(
          UUID.randomUUID(),
          "a-key-of-16-chars",
          "0".repeat(64),
          List.of(OrderLine.of("MUG", "Mug", 2, new Money(1290, "EUR"))),
          new Money(2580, "EUR"),
          "pm_card_visa",
          new ShippingAddress("Ada", "1 Street", "Berlin", "10115", "DE"),
          Instant.parse("2026-11-21T09:30:00.123Z"));
  private static final UUID ADMIN = UUID.randomUUID();
  private static final UUID PART = UUID.randomUUID();
  private static final UUID REST = UUID.randomUUID();
  private static final Money HALF = new Money(1290, "EUR");
  private static final PaymentFact CAPTURED = new PaymentFact.Captured("pi_1");
  private static final OrderCommand CANCEL = new OrderCommand.Cancel(ADMIN, "mistake");
  private static final OrderCommand SHIP = new OrderCommand.Ship(ADMIN, "Post", "X1", ADMIN);
  private static final OrderCommand DELIVER = new OrderCommand.Deliver(ADMIN, ADMIN);

  private static OrderCommand refund(UUID id, @Nullable Money amount) {
    return new OrderCommand.Refund(id, amount, "broken", ADMIN);
  }

  /** The states of the table, by their short names. */
  private static Map<String, @Nullable OrderState> states() {
    Map<String, @Nullable OrderState> all = new LinkedHashMap<>();
    var placed = after(null, s -> Transitions.on(s, ORDER));
    var confirmed = after(placed, fact(CAPTURED));
    var shipped = after(confirmed, command(SHIP));
    var cancelling = after(placed, command(CANCEL));
    var refunding = after(confirmed, command(refund(PART, HALF)));
    var withheld = noted(null, s -> Transitions.onDeadLetter(s, OrderSummary.of(ORDER)));
    all.put("none", null);
    all.put("withheld", withheld);
    all.put("withheld, discarded", noted(withheld, Transitions::onDiscard));
    all.put("PLACED", placed);
    all.put("PLACED, started", noted(placed, fact(new PaymentFact.Started("pi_1"))));
    all.put("CANCELLING, started", noted(cancelling, fact(new PaymentFact.Started("pi_1"))));
    all.put("CONFIRMED", confirmed);
    all.put("CONFIRMED, half refunding", refunding);
    all.put("CONFIRMED, all refunding", after(confirmed, command(refund(PART, null))));
    all.put("CONFIRMED, half refunded", after(refunding, refunded(PART, HALF)));
    all.put(
        "PAYMENT_FAILED", after(placed, fact(new PaymentFact.Declined("pi_1", "expired_card"))));
    all.put("CANCELLING", cancelling);
    all.put("CANCELLING, charged", after(confirmed, command(CANCEL)));
    all.put("CANCELLED", after(cancelling, fact(new PaymentFact.Voided(null))));
    all.put("SHIPPED", shipped);
    all.put("DELIVERED", after(shipped, command(DELIVER)));
    var allRefunded = after(confirmed, refunded(PART, ORDER.total()));
    all.put("REFUNDED", allRefunded);
    all.put("REFUNDED, failed later", after(allRefunded, failedLater(PART, ORDER.total())));
    all.put(
        "REFUNDED, failed later, refunding",
        after(
            after(allRefunded, failedLater(PART, ORDER.total())),
            command(refund(UUID.randomUUID(), null))));
    return all;
  }

  private static Map<String, Function<@Nullable OrderState, Transitions.Decision>> inputs() {
    Map<String, Function<@Nullable OrderState, Transitions.Decision>> all = new LinkedHashMap<>();
    all.put("place", s -> Transitions.on(s, ORDER));
    all.put(
        "place again",
        s -> s == null ? Transitions.on(s, ORDER) : Transitions.onRepeatedPlacement(s, "another"));
    all.put("cancel", state -> Transitions.on(state, "another cancel", CANCEL));
    all.put("refund half", command(refund(REST, HALF)));
    all.put("refund rest", command(refund(REST, null)));
    all.put("refund too much", command(refund(REST, new Money(2581, "EUR"))));
    all.put("ship", state -> Transitions.on(state, "another ship", SHIP));
    all.put("deliver", state -> Transitions.on(state, "another deliver", DELIVER));
    all.put("started", fact(new PaymentFact.Started("pi_1")));
    all.put("captured", fact(CAPTURED));
    all.put("captured otherwise", fact(new PaymentFact.Captured("pi_2")));
    all.put("declined", fact(new PaymentFact.Declined("pi_1", "expired_card")));
    all.put("declined without intent", fact(new PaymentFact.Declined(null, "resource_missing")));
    all.put("voided", fact(new PaymentFact.Voided("pi_1")));
    all.put("voided without intent", fact(new PaymentFact.Voided(null)));
    all.put("refunded half", refunded(PART, HALF));
    all.put("refunded all", refunded(REST, ORDER.total()));
    all.put("refund failed", fact(new PaymentFact.RefundFailed(PART, HALF, "closed")));
    all.put("other refund failed", fact(new PaymentFact.RefundFailed(REST, HALF, "closed")));
    all.put("refund failed later", failedLater(PART, HALF));
    all.put("other refund failed later", failedLater(REST, HALF));
    all.put("dead letter", s -> Transitions.onDeadLetter(s, OrderSummary.of(ORDER)));
    all.put("discarded", Transitions::onDiscard);
    return all;
  }

  /** {@code transitions.txt} was reviewed; the code must do the same. */
  @Test
  void everyStateHasARowForEveryInput() throws IOException {
    var rows =
        states().entrySet().stream()
            .map(state ->
                "# "
                    + state.getKey()
                    + "\n"
                    + inputs().entrySet().stream()
                        .map(input ->
                            input.getKey()
                                + ": "
                                + row(state.getValue(), input.getValue().apply(state.getValue())))
                        .collect(Collectors.joining("\n")))
            .collect(Collectors.joining("\n"));

    assertThat(rows.lines()).containsExactlyElementsOf(table());
  }

  private static List<String> table() throws IOException {
    try (var in = TransitionsTest.class.getResourceAsStream("/transitions.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8).lines().toList();
    }
  }

  @Test
  void anAcceptedCommandIsNotAcceptedAgainInAnyState() {
    var confirmed = after(states().get("PLACED"), fact(CAPTURED));
    var refunding = after(confirmed, command(refund(PART, HALF)));
    var refunded = after(refunding, refunded(PART, HALF));

    for (var state : List.of(refunding, refunded)) {
      var again = refund(PART, HALF);
      assertThat(command(again).apply(state))
          .isEqualTo(
              new Transitions.Answered(
                  CommandAnswer.repeated(name(again), OrderCommand.Refund.TYPE, 3)));
    }
  }

  @Test
  void anAcceptedCommandsIdWithAnotherRequestIsRejected() {
    var refunding = states().get("CONFIRMED, half refunding");
    var shipped = states().get("SHIPPED");
    var cancelling = states().get("CANCELLING");

    assertThat(reasonOfOther(refunding, name(refund(PART, HALF)), refund(PART, null)))
        .isEqualTo("idempotency-key-reused");
    assertThat(
            reasonOfOther(
                refunding,
                name(refund(PART, HALF)),
                new OrderCommand.Refund(PART, HALF, "late", ADMIN)))
        .isEqualTo("idempotency-key-reused");
    assertThat(
            reasonOfOther(shipped, name(SHIP), new OrderCommand.Ship(ADMIN, "Post", "X2", ADMIN)))
        .isEqualTo("idempotency-key-reused");
    assertThat(
            reasonOfOther(
                cancelling, name(CANCEL), new OrderCommand.Cancel(ADMIN, "too expensive")))
        .isEqualTo("idempotency-key-reused");
  }

  private static @Nullable String reasonOfOther(
      @Nullable OrderState state, String commandId, OrderCommand command) {
    return switch (Transitions.on(state, commandId, command)) {
      case Transitions.Answered(var answer) -> answer.reason();
      case Transitions.Decision other -> throw new AssertionError(other);
    };
  }

  @Test
  void aFailedRefundCanBeMadeAgain() {
    var refunding = states().get("CONFIRMED, all refunding");
    var failed =
        after(refunding, fact(new PaymentFact.RefundFailed(PART, ORDER.total(), "closed")));

    assertThat(failed.refundable()).isEqualTo(ORDER.total());
    assertThat(row(failed, command(refund(REST, null)).apply(failed)))
        .isEqualTo("refund-requested 5");
  }

  @Test
  void aRefundThatFailedLaterCanBeMadeAgain() {
    var failed = Objects.requireNonNull(states().get("REFUNDED, failed later"));

    var requested = after(failed, command(refund(REST, null)));
    var again = after(requested, refunded(REST, ORDER.total()));

    assertThat(failed.refundable()).isEqualTo(ORDER.total());
    assertThat(again.refundable().amount()).isZero();
    assertThat(row(again, failedLater(REST, ORDER.total()).apply(again)))
        .isEqualTo("refund-failed-later 7");
  }

  @Test
  void aRefundThatFailedLaterLowersTheSumOfAPartlyRefundedOrder() {
    var refunded = states().get("CONFIRMED, half refunded");

    var decision = (Transitions.Accepted) failedLater(PART, HALF).apply(refunded);

    assertThat(((OrderEvent.RefundFailedLater) decision.event()).refundedTotal().amount()).isZero();
    assertThat(decision.state().refundable()).isEqualTo(ORDER.total());
  }

  @Test
  void anOrderHasNoMoreThanAHundredRefunds() {
    var state = states().get("CONFIRMED");
    for (int i = 0; i < Transitions.MAX_REFUNDS; i++) {
      var refund = refund(UUID.randomUUID(), new Money(1, "EUR"));
      String id = "refund " + i;
      state = after(state, s -> Transitions.on(s, id, refund));
    }

    assertThat(row(state, command(refund(REST, new Money(1, "EUR"))).apply(state)))
        .isEqualTo("rejected too-many-refunds");
  }

  @Test
  void aRefundInAnotherCurrencyIsRejected() {
    var state = states().get("CONFIRMED");

    assertThat(row(state, command(refund(REST, new Money(1, "USD"))).apply(state)))
        .isEqualTo("rejected other-currency");
  }

  @Test
  void anEventCarriesWhatItsReadersNeed() {
    var accepted = (Transitions.Accepted) Transitions.on(states().get("PLACED"), CAPTURED);

    assertThat(accepted.event())
        .isEqualTo(
            new OrderEvent.Confirmed(ORDER.customerId(), ORDER.total(), "pi_1", ORDER.createdAt()));
  }

  private static Function<@Nullable OrderState, Transitions.Decision> fact(PaymentFact fact) {
    return state -> Transitions.on(state, fact);
  }

  private static Function<@Nullable OrderState, Transitions.Decision> refunded(
      UUID id, Money amount) {
    return fact(new PaymentFact.Refunded(id, amount));
  }

  private static Function<@Nullable OrderState, Transitions.Decision> failedLater(
      UUID id, Money amount) {
    return fact(new PaymentFact.RefundFailedLater(id, amount, "closed"));
  }

  private static Function<@Nullable OrderState, Transitions.Decision> command(
      OrderCommand command) {
    return state -> Transitions.on(state, name(command), command);
  }

  private static String name(OrderCommand command) {
    return command instanceof OrderCommand.Refund refund
        ? "refund " + refund.refundId()
        : command.type();
  }

  private static OrderState after(
      @Nullable OrderState state, Function<@Nullable OrderState, Transitions.Decision> input) {
    return ((Transitions.Accepted) input.apply(state)).state();
  }

  private static OrderState noted(
      @Nullable OrderState state, Function<@Nullable OrderState, Transitions.Decision> input) {
    return ((Transitions.Noted) input.apply(state)).state();
  }

  private static String row(@Nullable OrderState from, Transitions.Decision decision) {
    return switch (decision) {
      case Transitions.Accepted(var event, var state) -> {
        assertThat(state.sequence()).isEqualTo(from == null ? 1 : from.sequence() + 1);
        boolean same = from != null && from.status() == state.status();
        yield event.type().replace("shop.order.", "").replace(".v1", "")
            + " "
            + (same ? "" : "-> " + state.status() + " ")
            + state.sequence();
      }
      case Transitions.Noted(var state) ->
          from != null && from.status() == state.status() ? "noted" : "noted -> " + state.status();
      case Transitions.Answered(var answer)
          when answer.outcome() == CommandAnswer.Outcome.REPEATED ->
          "repeated";
      case Transitions.Answered(var answer) -> "rejected " + answer.reason();
      case Transitions.Unchanged _ -> "unchanged";
      case Transitions.Impossible _ -> "impossible";
    };
  }
}
