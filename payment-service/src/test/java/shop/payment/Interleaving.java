package shop.payment;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One order's duties on several instances, one step of one of them at a time, in an order that a
 * seed decides: each call of the PSP and each look at the log is a step. Instances lag behind the
 * log, crash and start again with the same record.
 */
final class Interleaving {

  private static final Logger LOG = LoggerFactory.getLogger(Interleaving.class);

  final List<PaymentEvent> log = new ArrayList<>();
  final ModelPsp psp;

  private final UUID orderId;
  private final Random random;
  private final List<Worker> workers = new ArrayList<>();
  private final Semaphore back = new Semaphore(0);
  private int crashes;
  private Worker running;

  Interleaving(UUID orderId, long seed, boolean declines) {
    this.orderId = orderId;
    this.random = new Random(seed);
    this.crashes = random.nextInt(3);
    this.psp = new ModelPsp(random, this::pause, declines, random.nextInt(7));
  }

  private static final class Crash extends RuntimeException {}

  /** Lets an instance do a duty once the condition holds. */
  void add(Instance instance, Duty duty, BooleanSupplier once) {
    workers.add(new Worker(instance, duty, once));
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
    while (!open.isEmpty()) {
      if (!psp.late.isEmpty() && random.nextInt(6) == 0) {
        arrive();
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
    try {
      psp.late.remove(random.nextInt(psp.late.size())).run();
    } catch (ProviderFailure.Spent answer) {
      LOG.trace("Nobody waits for this answer any more", answer);
    }
  }

  private void pause() {
    var worker = running;
    back.release();
    worker.turn.acquireUninterruptibly();
    if (crashes > 0 && random.nextInt(40) == 0) {
      crashes--;
      throw new Crash();
    }
  }

  private Payment fold(int position) {
    Payment payment = null;
    for (var event : log.subList(0, position)) {
      payment = Payment.after(payment, orderId, event, Instant.EPOCH);
    }
    return payment;
  }

  /** An instance's reading of the log. */
  final class Instance implements Payments {
    final Cashier cashier;
    private int position;

    Instance() {
      var refunder = new Refunder(this, psp);
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
      position = log.size();
      var told = fold(position);
      pause();
      return told;
    }
  }

  private final class Worker implements Runnable {
    final Semaphore turn = new Semaphore(0);
    final Duty duty;
    private final Instance instance;
    private final BooleanSupplier once;
    boolean done;
    Throwable failure;
    private boolean begun;

    Worker(Instance instance, Duty duty, BooleanSupplier once) {
      this.instance = instance;
      this.duty = duty;
      this.once = once;
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
        return instance.cashier.fulfil(duty, attempt);
      } catch (ProviderFailure.Refused e) {
        throw e;
      } catch (ProviderFailure _) {
        pause();
        return false;
      }
    }
  }
}
