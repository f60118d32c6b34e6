package shop.order.commands;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Those who wait to hear what was decided about a command; told by whoever reads the log. */
@Component
public class Outcomes {

  private final Map<String, CompletableFuture<Outcome>> waiting = new ConcurrentHashMap<>();

  /** The outcome of a command once it is known; asked for before the command is given. */
  CompletableFuture<Outcome> of(String commandId) {
    return waiting.computeIfAbsent(commandId, _ -> new CompletableFuture<>());
  }

  /** Nobody waits for it any more. */
  void forget(String commandId, CompletableFuture<Outcome> asked) {
    waiting.remove(commandId, asked);
  }

  /** True if somebody waits for it. */
  public boolean isAwaited(String commandId) {
    return waiting.containsKey(commandId);
  }

  /** Tells whoever waits. */
  public void tell(String commandId, Outcome outcome) {
    var asked = waiting.remove(commandId);
    if (asked != null) {
      asked.complete(outcome);
    }
  }
}
