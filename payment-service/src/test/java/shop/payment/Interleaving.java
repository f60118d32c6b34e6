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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.common.money.Money;

/**
 * A simulation of one order's tasks on several instances. A seed decides which worker executes the
 * next step; each call of the PSP and each access to the log is a step and takes a second.
 * Instances lag behind the log, crash and start again with the same record; refunds are made by
 * hand, and dead-lettered tasks are discarded.
 */
final class Interleaving {

  private static final Logger log = LoggerFactory.getLogger(Interleaving.class);
  private static final int MAX_ATTEMPTS = 200;

  final List<PaymentEvent> events = new ArrayList<>();
  final SimulatedPsp psp;

  private final UUID orderId;
  private final Random random;
  private final List<Instant> times = new ArrayList<>();
  private final Map<PaymentTask, Instant> discards = new HashMap<>();
  private final Deque<Money> refundsByHand = new ArrayDeque<>();
  private final Clock clock = ((InstantSource) this::now).withZone(ZoneOffset.UTC);
  private Instant now = Instant.EPOCH;
  private final List<Worker> workers = new ArrayList<>();
  private final Semaphore yielded = new Semaphore(0);
  private int crashes;
  private Worker running;

  Interleaving(UUID orderId, long seed, boolean declines) {
    this.orderId = orderId;
    this.random = new Random(seed);
    this.crashes = random.nextInt(3);
    this.psp = new SimulatedPsp(random, this::step, clock, declines, random.nextInt(7));
  }

  private static final class Crash extends RuntimeException {}

  /** Lets an instance execute a task when the condition is true. */
  void add(Instance instance, PaymentTask task, BooleanSupplier condition) {
    workers.add(new Worker(instance, task, condition, Integer.MAX_VALUE, false));
  }

  /** The same with few attempts; when all instances have made theirs, each discards the task. */
  void addDiscarded(List<Instance> instances, PaymentTask task, BooleanSupplier condition) {
    var attempting =
        instances.stream()
            .map(instance -> new Worker(instance, task, condition, 1 + random.nextInt(3), false))
            .toList();
    workers.addAll(attempting);
    for (var instance : instances) {
      workers.add(
          new Worker(
              instance,
              task,
              () -> attempting.stream().allMatch(worker -> worker.done),
              Integer.MAX_VALUE,
              true));
    }
  }

  /** Makes a refund by hand at a random time. */
  void refundByHand(Money amount) {
    refundsByHand.add(amount);
  }

  /** When a task was discarded; empty if it was not. */
  Optional<Instant> discardedAt(PaymentTask task) {
    return Optional.ofNullable(discards.get(task));
  }

  /** The time of the first event of a type in the log. */
  Optional<Instant> timeOfFirst(Class<? extends PaymentEvent> type) {
    for (int i = 0; i < events.size(); i++) {
      if (type.isInstance(events.get(i))) {
        return Optional.of(times.get(i));
      }
    }
    return Optional.empty();
  }

  Instance instance() {
    return new Instance();
  }

  /** The payment as of the whole log. */
  Payment payment() {
    return fold(events.size());
  }

  /**
   * Runs all tasks to completion, and then the late calls of the PSP; on a virtual thread, like the
   * workers, because switching between them costs far less than waking a platform thread.
   */
  void run() {
    var run = CompletableFuture.runAsync(this::runToCompletion, Thread::startVirtualThread);
    try {
      run.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private void runToCompletion() {
    workers.forEach(worker -> Thread.startVirtualThread(worker));
    var unfinished = new ArrayList<>(workers);
    int lateCallInterval = random.nextBoolean() ? 6 : 60;
    while (!unfinished.isEmpty()) {
      if (!psp.lateCalls.isEmpty() && random.nextInt(lateCallInterval) == 0) {
        executeLate();
      }
      while (!psp.lateCalls.isEmpty() && !now.isBefore(psp.lateCalls.getFirst().deadline())) {
        executeLate(psp.lateCalls.removeFirst());
      }
      if (!refundsByHand.isEmpty() && psp.charges > 0 && random.nextInt(12) == 0) {
        psp.refundByHand(refundsByHand.remove(), payment().requireIntent().amount());
      }
      var next = unfinished.get(random.nextInt(unfinished.size()));
      if (next.ready()) {
        running = next;
        next.turn.release();
        yielded.acquireUninterruptibly();
        if (next.done) {
          unfinished.remove(next);
        }
      } else if (unfinished.stream().noneMatch(Worker::ready)) {
        throw new IllegalStateException("No worker can continue: " + events);
      }
    }
    while (!psp.lateCalls.isEmpty()) {
      executeLate();
    }
    workers.stream()
        .filter(worker -> worker.failure != null)
        .findFirst()
        .ifPresent(worker -> {
          throw new IllegalStateException(worker.task + " failed", worker.failure);
        });
  }

  private void executeLate() {
    executeLate(psp.lateCalls.remove(random.nextInt(psp.lateCalls.size())));
  }

  private static void executeLate(SimulatedPsp.LateCall late) {
    try {
      late.call().run();
    } catch (ProviderFailure.ReplayedError e) {
      log.trace("The client of this call has timed out", e);
    }
  }

  private void step() {
    var worker = running;
    yielded.release();
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
      payment = Payment.apply(payment, orderId, events.get(i), times.get(i));
    }
    return payment;
  }

  /** An instance with its own position in the log. */
  final class Instance implements Payments {
    final PaymentTaskHandler handler;
    private int position;

    Instance() {
      var refunder = new Refunder(this, psp, clock);
      var canceller = new Canceller(this, psp, refunder);
      handler = new PaymentTaskHandler(this, new Payer(this, psp), canceller, refunder);
    }

    @Override
    public Optional<Payment> find(UUID id) {
      position += random.nextInt(events.size() - position + 1);
      return Optional.ofNullable(fold(position));
    }

    @Override
    public Optional<Payment> current(UUID id) {
      position = events.size();
      return Optional.ofNullable(fold(position));
    }

    @Override
    public Payment append(UUID id, PaymentEvent event) {
      step();
      events.add(event);
      times.add(now);
      position = events.size();
      var payment = fold(position);
      step();
      return payment;
    }
  }

  private final class Worker implements Runnable {
    final Semaphore turn = new Semaphore(0);
    final PaymentTask task;
    private final Instance instance;
    private final BooleanSupplier condition;
    private final boolean settles;
    private int attemptsLeft;
    boolean done;
    Throwable failure;
    private boolean started;

    Worker(
        Instance instance,
        PaymentTask task,
        BooleanSupplier condition,
        int attempts,
        boolean settles) {
      this.instance = instance;
      this.task = task;
      this.condition = condition;
      this.attemptsLeft = attempts;
      this.settles = settles;
    }

    boolean ready() {
      started |= condition.getAsBoolean();
      return started;
    }

    @Override
    public void run() {
      turn.acquireUninterruptibly();
      try {
        int attempt = 1;
        while (!done) {
          if (attempt > MAX_ATTEMPTS) {
            throw new IllegalStateException("The task does not end");
          }
          try {
            done = attempt(attempt++);
          } catch (Crash _) {
            attempt = 1;
          }
        }
      } catch (RuntimeException e) {
        failure = e;
      }
      done = true;
      yielded.release();
    }

    private boolean attempt(int attempt) {
      try {
        return settles
            ? instance.handler.settle(task, discards.computeIfAbsent(task, _ -> now))
            : instance.handler.execute(task, attempt);
      } catch (ProviderFailure.Rejected e) {
        if (psp.refunds.stream().allMatch(refund -> refund.refundId() != null)) {
          throw e;
        }
        // This becomes a dead letter, and an admin redrives it.
        step();
        return false;
      } catch (ProviderFailure _) {
        step();
        return --attemptsLeft <= 0;
      }
    }
  }
}
