package shop.payment;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The log of one order's payment in memory, always read to its end. */
final class InMemoryPayments implements Payments {

  final List<PaymentEvent> events = new ArrayList<>();

  private final Clock clock;
  private final List<Instant> times = new ArrayList<>();

  InMemoryPayments(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Optional<Payment> find(UUID orderId) {
    Payment payment = null;
    for (int i = 0; i < events.size(); i++) {
      payment = Payment.apply(payment, orderId, events.get(i), times.get(i));
    }
    return Optional.ofNullable(payment);
  }

  @Override
  public Optional<Payment> current(UUID orderId) {
    return find(orderId);
  }

  @Override
  public Payment append(UUID orderId, PaymentEvent event) {
    events.add(event);
    times.add(clock.instant());
    return find(orderId).orElseThrow();
  }
}
