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
import shop.order.OrderCommand.ToldFact;
import shop.order.OrderId;
import shop.order.OrderStatus;
import shop.order.PaymentFact;
import shop.order.commands.CommandLog;
import shop.order.commands.OutcomeUnknown;
import shop.order.store.Epoch;
import shop.order.store.OrderLists;
import shop.order.store.OrderView;
import shop.order.store.RedisUnavailable;

/**
 * Finds orders that stay unsettled too long, asks payment-service what became of their payment, and
 * repeats to the processor what would end the wait. What it repeats are facts, which the processor
 * takes once however often they are told; so any number of instances may do this at once.
 */
@Component
public class Reconciler {

  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
  private static final int AT_ONCE = 50;

  /** The facts that end the wait of each open state. */
  private static final Map<OrderStatus, Set<String>> ENDS =
      Map.of(
          OrderStatus.PLACED,
          Set.of(PaymentFact.Captured.TYPE, PaymentFact.Declined.TYPE, PaymentFact.Voided.TYPE),
          OrderStatus.CANCELLING,
          Set.of(PaymentFact.Voided.TYPE, PaymentFact.Refunded.TYPE));

  private final OrderLists lists;
  private final OrderView orders;
  private final Epoch epoch;
  private final PaymentQueries payments;
  private final CommandLog commands;
  private final ReconcilingSettings settings;
  private final Clock clock;
  private final Map<String, Finding> findings = new ConcurrentHashMap<>();
  private final Set<String> foundThisRound = new HashSet<>();
  private int next;

  Reconciler(
      OrderLists lists,
      OrderView orders,
      Epoch epoch,
      PaymentQueries payments,
      CommandLog commands,
      ReconcilingSettings settings,
      Clock clock) {
    this.lists = lists;
    this.orders = orders;
    this.epoch = epoch;
    this.payments = payments;
    this.commands = commands;
    this.settings = settings;
    this.clock = clock;
  }

  /** What the last round found, oldest order first. */
  public Collection<Finding> findings() {
    return findings.values().stream().sorted(Comparator.comparing(Finding::createdAt)).toList();
  }

  @Scheduled(fixedDelayString = "${shop.reconciling.every}")
  void look() {
    if (!epoch.isOpen()) {
      return;
    }
    try {
      var open = lists.unsettled(clock.instant().minus(settings.after()), next, AT_ONCE);
      boolean answers = true;
      for (var id : open) {
        // Who does not answer once is not asked again before the next look.
        var known = answers ? payments.ask(id) : Optional.<List<ToldFact>>empty();
        answers = known.isPresent();
        orders.find(id).ifPresent(order -> note(examine(order, known)));
      }
      next += open.size();
      if (open.size() < AT_ONCE) {
        findings.keySet().retainAll(foundThisRound);
        foundThisRound.clear();
        next = 0;
      }
    } catch (RedisUnavailable e) {
      log.warn("Cannot look for orders that stay open: {}", e.getMessage());
    }
  }

  private void note(Finding finding) {
    String id = finding.orderId().toString();
    foundThisRound.add(id);
    findings.put(id, finding);
  }

  private Finding examine(Order order, Optional<List<ToldFact>> known) {
    boolean repaired =
        known
            .filter(facts -> facts.stream().anyMatch(fact -> ends(order.status(), fact)))
            .map(facts -> repeat(order.id(), facts))
            .orElse(false);
    var finding =
        new Finding(
            order.id(),
            order.status(),
            order.createdAt(),
            known.map(facts -> facts.stream().map(ToldFact::type).toList()).orElse(null),
            repaired,
            clock.instant());
    log.warn(
        "Order {} stays {}: payment-service says {}",
        order.id(),
        order.status(),
        finding.payments());
    return finding;
  }

  private static boolean ends(OrderStatus status, ToldFact fact) {
    return ENDS.getOrDefault(status, Set.of()).contains(fact.type());
  }

  private boolean repeat(OrderId id, List<ToldFact> facts) {
    try {
      commands.append(id, new OrderCommand.Settle(facts), clock.instant());
      return true;
    } catch (OutcomeUnknown e) {
      log.warn("Order {} is settled at the next look: {}", id, e.getMessage());
      return false;
    }
  }
}
