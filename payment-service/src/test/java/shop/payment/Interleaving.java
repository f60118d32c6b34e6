package shop.payment;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.common.money.Money;

/**
 * One order's duties on several instances, one step of one of them at a time, in an order that a
 * seed decides: each call of the PSP and each look at the log is a step, and takes a second.
 * Instances lag behind the log, crash and start again with the same record; people make refunds by
 * hand, and discard what was given up.
 */
final class Interleaving {

  private static final Logger LOG = LoggerFactory.getLogger(Interleaving.class);
  private static final int MANY_TRIES = 200;

  final List<PaymentEvent> log = new ArrayList<>();
  final ModelPsp psp;

  private final UUID orderId;
  private final Random random;
  private final List<Instant> times = new ArrayList<>();
  private final Map<PaymentTask, Instant> discards = new HashMap<>();
  private final Deque<Money> byHand = new ArrayDeque<>();
  private final Clock clock = ((InstantSource) this::now).withZone(ZoneOffset.UTC);
  private Instant now = Instant.EPOCH;
  private final List<Worker> workers = new ArrayList<>();
  private final Semaphore back = new Semaphore(0);
  private int crashes;
  private Worker running;

  Interleaving(UUID orderId, long seed, boolean declines) {
    this.orderId = orderId;
    this.random = new Random(seed);
    this.crashes = random.nextInt(3);
    this.psp = new ModelPsp(random, this::pause, clock, declines, random.nextInt(7));
  }

  private static final class Crash extends RuntimeException {}

  /** Lets an instance do a duty once the condition holds. */
  void add(Instance instance, PaymentTask duty, BooleanSupplier once) {
    workers.add(new Worker(instance, duty, once, Integer.MAX_VALUE, false));
  }

  /** The same with few tries; once all instances have made theirs, it is discarded on each. */
  void addDiscarded(List<Instance> instances, PaymentTask duty, BooleanSupplier once) {
    var given =
        instances.stream()
            .map(instance -> new Worker(instance, duty, once, 1 + random.nextInt(3), false))
            .toList();
    workers.addAll(given);
    for (var instance : instances) {
      workers.add(
          new Worker(
              instance,
              duty,
              () -> given.stream().allMatch(worker -> worker.done),
              Integer.MAX_VALUE,
              true));
    }
  }

  /** Somebody gives money back by hand at some time. */
  void byHand(Money amount) {
    byHand.add(amount);
  }

  /** When a duty was discarded; empty if it was not. */
  Optional<Instant> discarded(PaymentTask duty) {
    return Optional.ofNullable(discards.get(duty));
  }

  /** When the log first told such an event. */
  Optional<Instant> firstTold(Class<? extends PaymentEvent> type) {
    for (int i = 0; i < log.size(); i++) {
      if (type.isInstance(log.get(i))) {
        return Optional.of(times.get(i));
      }
    }
    return Optional.empty();
  }

  Instance instance() {
    return new Instance();
  }

  /** What the whole log tells. */
  Payment told() {
    return fold(log.size());
  }

  /** Runs all duties to their end, and then what was still under way to the PSP. */
  void run() {
    workers.forEach(worker -> Thread.startVirtualThread(worker));
    var open = new ArrayList<>(workers);
    int lateness = random.nextBoolean() ? 6 : 60;
    while (!open.isEmpty()) {
      if (!psp.late.isEmpty() && random.nextInt(lateness) == 0) {
        arrive();
      }
      while (!psp.late.isEmpty() && !now.isBefore(psp.late.getFirst().by())) {
        arrive(psp.late.removeFirst());
      }
      if (!byHand.isEmpty() && psp.charges > 0 && random.nextInt(12) == 0) {
        psp.byHand(byHand.remove(), told().requireIntent().amount());
      }
      var next = open.get(random.nextInt(open.size()));
      if (next.ready()) {
        running = next;
        next.turn.release();
        back.acquireUninterruptibly();
        if (next.done) {
          open.remove(next);
        }
      } else if (open.stream().noneMatch(Worker::ready)) {
        throw new IllegalStateException("Nobody can go on: " + log);
      }
    }
    while (!psp.late.isEmpty()) {
      arrive();
    }
    workers.stream()
        .filter(worker -> worker.failure != null)
        .findFirst()
        .ifPresent(worker -> {
          throw new IllegalStateException(worker.duty + " failed", worker.failure);
        });
  }

  private void arrive() {
    arrive(psp.late.remove(random.nextInt(psp.late.size())));
  }

  private static void arrive(ModelPsp.Late late) {
    try {
      late.call().run();
    } catch (ProviderFailure.Spent answer) {
      LOG.trace("Nobody waits for this answer any more", answer);
    }
  }

  private void pause() {
    var worker = running;
    back.release();
    worker.turn.acquireUninterruptibly();
    now = now.plusSeconds(1);
    if (crashes > 0 && random.nextInt(40) == 0) {
      crashes--;
      throw new Crash();
    }
  }

  private Instant now() {
    return now;
  }

  private Payment fold(int position) {
    Payment payment = null;
    for (int i = 0; i < position; i++) {
      payment = Payment.after(payment, orderId, log.get(i), times.get(i));
    }
    return payment;
  }

  /** An instance's reading of the log. */
  final class Instance implements Payments {
    final Cashier cashier;
    private int position;

    Instance() {
      var refunder = new Refunder(this, psp, clock);
      var canceller = new Canceller(this, psp, refunder);
      cashier = new Cashier(this, new Payer(this, psp), canceller, refunder);
    }

    @Override
    public Optional<Payment> find(UUID id) {
      position += random.nextInt(log.size() - position + 1);
      return Optional.ofNullable(fold(position));
    }

    @Override
    public Optional<Payment> current(UUID id) {
      position = log.size();
      return Optional.ofNullable(fold(position));
    }

    @Override
    public Stream<Payment> all() {
      return current(orderId).stream();
    }

    @Override
    public Payment record(UUID id, PaymentEvent event) {
      pause();
      log.add(event);
      times.add(now);
      position = log.size();
      var told = fold(position);
      pause();
      return told;
    }
  }

  private final class Worker implements Runnable {
    final Semaphore turn = new Semaphore(0);
    final PaymentTask duty;
    private final Instance instance;
    private final BooleanSupplier once;
    private final boolean settles;
    private int triesLeft;
    boolean done;
    Throwable failure;
    private boolean begun;

    Worker(Instance instance, PaymentTask duty, BooleanSupplier once, int tries, boolean settles) {
      this.instance = instance;
      this.duty = duty;
      this.once = once;
      this.triesLeft = tries;
      this.settles = settles;
    }

    boolean ready() {
      begun |= once.getAsBoolean();
      return begun;
    }

    @Override
    public void run() {
      turn.acquireUninterruptibly();
      try {
        int attempt = 1;
        while (!done) {
          if (attempt > MANY_TRIES) {
            throw new IllegalStateException("No end");
          }
          try {
            done = tried(attempt++);
          } catch (Crash _) {
            attempt = 1;
          }
        }
      } catch (RuntimeException e) {
        failure = e;
      }
      done = true;
      back.release();
    }

    private boolean tried(int attempt) {
      try {
        return settles
            ? instance.cashier.settle(duty, discards.computeIfAbsent(duty, _ -> now))
            : instance.cashier.fulfil(duty, attempt);
      } catch (ProviderFailure.Refused e) {
        if (psp.refunds.stream().allMatch(made -> made.refundId() != null)) {
          throw e;
        }
        // A dead letter, which somebody sends back.
        pause();
        return false;
      } catch (ProviderFailure _) {
        pause();
        return --triesLeft <= 0;
      }
    }
  }
}
