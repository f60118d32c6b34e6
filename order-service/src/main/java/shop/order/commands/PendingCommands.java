package shop.order.commands;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * Those who wait to hear what was decided about a command that they gave; told by whoever reads the
 * log.
 */
@Component
public class PendingCommands {

  private final Map<String, CompletableFuture<CommandResult>> waiting = new ConcurrentHashMap<>();

  /**
   * The outcome once it is known; asked for before the command is given.
   *
   * @param given the mark of this giving of a command
   */
  CompletableFuture<CommandResult> of(String given) {
    var outcome = new CompletableFuture<CommandResult>();
    waiting.put(given, outcome);
    return outcome;
  }

  /** Nobody waits for it any more. */
  void forget(String given) {
    waiting.remove(given);
  }

  /** True if somebody waits for it. */
  public boolean isAwaited(String given) {
    return waiting.containsKey(given);
  }

  /** Tells whoever waits. */
  public void tell(String given, CommandResult outcome) {
    var asked = waiting.remove(given);
    if (asked != null) {
      asked.complete(outcome);
    }
  }
}
