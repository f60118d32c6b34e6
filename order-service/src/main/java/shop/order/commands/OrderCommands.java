package shop.order.commands;

import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Service;
import shop.common.problem.Problem;
import shop.order.OrderCommand;
import shop.order.OrderId;
import shop.order.OrderTimings;

/** Sends commands to the processor and waits for its decision. */
@Service
public class OrderCommands {

  private final CommandLog log;
  private final PendingCommands pending;
  private final Duration resultTimeout;
  private final Clock clock;

  OrderCommands(CommandLog log, PendingCommands pending, OrderTimings timings, Clock clock) {
    this.log = log;
    this.pending = pending;
    this.resultTimeout = timings.resultTimeout();
    this.clock = clock;
  }

  /**
   * Sends a command and waits for the result.
   *
   * @param commandId the same for the same request; the processor accepts an id once
   * @throws Problem 503 if the result is unknown; sending the command again is safe
   */
  public CommandResult send(OrderId id, String commandId, OrderCommand command) {
    String correlationId = UUID.randomUUID().toString();
    var result = pending.register(correlationId);
    try {
      log.append(id, commandId, correlationId, command, clock.instant());
      return result.get(resultTimeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (OutcomeUnknown | TimeoutException | ExecutionException e) {
      throw resultUnknown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw resultUnknown();
    } finally {
      pending.remove(correlationId);
    }
  }

  private static Problem resultUnknown() {
    return Problem.unavailable(
        "It is not known yet whether the command was accepted. Repeat the same request",
        Duration.ofSeconds(2));
  }
}
