package shop.bench.age;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * The orders of a platform since its beginning, placed at even intervals up to now. What would
 * happen later than now has not happened: the youngest orders are open.
 *
 * @param orders their number
 * @param interval between two of them
 * @param end when the last one was placed
 * @param accounts customers with accounts, who have placed a tenth of the orders
 * @param products what they contain
 */
record History(
    int orders, Duration interval, Instant end, List<UUID> accounts, List<Product> products) {

  /** One of this many orders was placed by a customer with an account. */
  private static final int ACCOUNT_SHARE = 10;

  /** Orders of another customer. */
  private static final int ORDERS_EACH = 20;

  private static final long SEED = 20;

  /** Receives the history in the order of time. */
  interface Sink {
    /** The next step of an order. */
    void append(OrderLifecycle order, Step step);

    /** The order has taken so many steps, and takes no more. */
    void end(OrderLifecycle order, int steps);
  }

  private record Due(Instant at, OrderLifecycle order, int step) {}

  /** When an order was placed, counted from 0, without the random part of less than an interval. */
  Instant placed(int number) {
    return end.minus(interval.multipliedBy(orders - number));
  }

  /** The number of the first order that was placed at a time or later. */
  int firstSince(Instant time) {
    long since = Duration.between(time, end).dividedBy(interval);
    return Math.clamp(orders - since, 0, orders);
  }

  /** Generates all of it. */
  void writeTo(Sink sink) {
    var random = new SplittableRandom(SEED);
    var due = new PriorityQueue<Due>(Comparator.comparing(Due::at));
    for (int i = 0; i < orders; i++) {
      var placedAt =
          placed(i).plus(Duration.ofMillis(random.nextLong(Math.max(1, interval.toMillis()))));
      writeUntil(placedAt, due, sink);
      var order =
          new OrderLifecycle(
              random.split(),
              customer(random),
              products.get(random.nextInt(products.size())),
              placedAt);
      due.add(new Due(placedAt, order, 0));
    }
    writeUntil(end, due, sink);
    due.forEach(rest -> {
      if (rest.step() > 0) {
        sink.end(rest.order(), rest.step());
      }
    });
  }

  private static void writeUntil(Instant time, PriorityQueue<Due> due, Sink sink) {
    for (var next = due.peek(); next != null && !next.at().isAfter(time); next = due.peek()) {
      due.remove();
      var steps = next.order().steps();
      sink.append(next.order(), steps.get(next.step()));
      int after = next.step() + 1;
      if (after == steps.size()) {
        sink.end(next.order(), after);
      } else {
        due.add(new Due(steps.get(after).at(), next.order(), after));
      }
    }
  }

  private UUID customer(SplittableRandom random) {
    return random.nextInt(ACCOUNT_SHARE) == 0
        ? accounts.get(random.nextInt(accounts.size()))
        : new UUID(0x4000L, Long.MIN_VALUE | random.nextInt(Math.max(1, orders / ORDERS_EACH)));
  }
}
