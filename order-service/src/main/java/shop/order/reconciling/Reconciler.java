package shop.order.reconciling;

import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import shop.order.Order;
import shop.order.OrderCommand;
import shop.order.OrderCommand.ReportedFact;
import shop.order.OrderId;
import shop.order.OrderStatus;
import shop.order.PaymentFact;
import shop.order.commands.CommandLog;
import shop.order.commands.OutcomeUnknown;
import shop.order.reading.Orders;
import shop.order.reading.UnsettledOrders;
import shop.order.reading.UnsettledOrders.Unsettled;
import shop.order.redis.Epoch;
import shop.order.redis.RedisUnavailable;

/**
 * Finds orders that have been unsettled for too long, queries payment-service for the facts about
 * their payment, and sends those to the processor if they settle the order. The processor applies a
 * fact once, however often it is sent; so any number of instances may reconcile at the same time.
 */
@Component
public class Reconciler {

  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
  private static final int BATCH = 50;

  /** The facts that settle an order, by its unsettled status. */
  private static final Map<OrderStatus, Set<String>> SETTLING_FACTS =
      Map.of(
          OrderStatus.PLACED,
          Set.of(PaymentFact.Captured.TYPE, PaymentFact.Declined.TYPE, PaymentFact.Voided.TYPE),
          OrderStatus.CANCELLING,
          Set.of(PaymentFact.Voided.TYPE, PaymentFact.Refunded.TYPE));

  /** The facts that end a refund. */
  private static final Set<String> REFUND_RESULTS =
      Set.of(PaymentFact.Refunded.TYPE, PaymentFact.RefundFailed.TYPE);

  private final UnsettledOrders unsettled;
  private final Orders orders;
  private final Epoch epoch;
  private final PaymentQueries payments;
  private final CommandLog commands;
  private final ReconcilingSettings settings;
  private final Clock clock;
  private final Map<String, UnsettledOrder> found = new ConcurrentHashMap<>();
  private final Set<String> foundThisRound = new HashSet<>();

  /** Index of the next order of this round. */
  private int next;

  Reconciler(
      UnsettledOrders unsettled,
      Orders orders,
      Epoch epoch,
      PaymentQueries payments,
      CommandLog commands,
      ReconcilingSettings settings,
      Clock clock) {
    this.unsettled = unsettled;
    this.orders = orders;
    this.epoch = epoch;
    this.payments = payments;
    this.commands = commands;
    this.settings = settings;
    this.clock = clock;
  }

  /** The unsettled orders of the last round, oldest first. */
  public Collection<UnsettledOrder> found() {
    return found.values().stream().sorted(Comparator.comparing(UnsettledOrder::createdAt)).toList();
  }

  @Scheduled(fixedDelayString = "${shop.reconciling.every}")
  void reconcile() {
    if (!epoch.isOpen()) {
      return;
    }
    try {
      var page = unsettled.waitingBefore(clock.instant().minus(settings.after()), next, BATCH);
      boolean responsive = true;
      for (var order : page) {
        if (foundThisRound.contains(order.id().toString())) {
          continue;
        }
        // After a failed query the others of this batch are skipped.
        var facts = responsive ? payments.query(order.id()) : Optional.<List<ReportedFact>>empty();
        responsive = facts.isPresent();
        examine(order, facts);
      }
      next += page.size();
      if (page.size() < BATCH) {
        found.keySet().retainAll(foundThisRound);
        foundThisRound.clear();
        next = 0;
      }
    } catch (RedisUnavailable e) {
      log.warn(
          "Redis is unavailable; the next round looks for unsettled orders: {}", e.getMessage());
    }
  }

  /** An order that cannot be examined does not keep the others from being. */
  private void examine(Unsettled found, Optional<List<ReportedFact>> facts) {
    try {
      orders.find(found.id()).ifPresent(order -> record(examine(order, found.refunds(), facts)));
    } catch (RedisUnavailable e) {
      throw e;
    } catch (RuntimeException e) {
      log.error("The unsettled order {} cannot be examined; going on with the next", found.id(), e);
    }
  }

  private void record(UnsettledOrder order) {
    String id = order.orderId().toString();
    foundThisRound.add(id);
    found.put(id, order);
  }

  private UnsettledOrder examine(
      Order order, Set<String> refunds, Optional<List<ReportedFact>> reported) {
    // Without event 1 the processor has no order that facts could settle.
    boolean repaired =
        reported
            .filter(_ -> order.version() > 0)
            .filter(
                facts -> facts.stream().anyMatch(fact -> settles(order.status(), refunds, fact)))
            .map(facts -> settle(order.id(), facts))
            .orElse(false);
    var unsettled =
        new UnsettledOrder(
            order.id(),
            order.status(),
            order.createdAt(),
            reported.map(facts -> facts.stream().map(ReportedFact::type).toList()).orElse(null),
            order.isWithheld(),
            repaired,
            clock.instant());
    log.warn(
        "Order {} is still {} more than {} after it was placed; facts from payment-service: {};"
            + " sent to the processor: {}{}",
        order.id(),
        order.status(),
        settings.after(),
        unsettled.payments() == null ? "no response" : unsettled.payments(),
        repaired,
        order.isWithheld() ? "; the command that places it is a dead letter" : "");
    return unsettled;
  }

  private static boolean settles(OrderStatus status, Set<String> refunds, ReportedFact fact) {
    return SETTLING_FACTS.getOrDefault(status, Set.of()).contains(fact.type())
        || (REFUND_RESULTS.contains(fact.type())
            && refunds.contains(fact.data().path("refundId").asString()));
  }

  private boolean settle(OrderId id, List<ReportedFact> facts) {
    try {
      commands.append(id, new OrderCommand.Settle(facts), clock.instant());
      return true;
    } catch (OutcomeUnknown e) {
      log.warn(
          "The facts about order {} may not be in the log; the next round sends them again: {}",
          id,
          e.getMessage());
      return false;
    }
  }
}
