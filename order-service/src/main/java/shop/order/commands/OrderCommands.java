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

/** Gives commands to the processor and waits for what it decides, once however often they come. */
@Service
public class OrderCommands {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final CommandLog log;
  private final PendingCommands outcomes;
  private final Clock clock;

  OrderCommands(CommandLog log, PendingCommands outcomes, Clock clock) {
    this.log = log;
    this.outcomes = outcomes;
    this.clock = clock;
  }

  /**
   * Gives a command.
   *
   * @param commandId its name: the same for the same wish
   * @throws Problem 503 if it is not known what became of it; the same again is safe
   */
  public CommandResult give(OrderId id, String commandId, OrderCommand command) {
    String given = UUID.randomUUID().toString();
    var outcome = outcomes.of(given);
    try {
      log.append(id, commandId, given, command, clock.instant());
      return outcome.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (OutcomeUnknown | TimeoutException | ExecutionException e) {
      throw unknown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown();
    } finally {
      outcomes.forget(given);
    }
  }

  private static Problem unknown() {
    return Problem.unavailable(
        "It is not known yet what became of it. Repeat the same request", Duration.ofSeconds(2));
  }
}
