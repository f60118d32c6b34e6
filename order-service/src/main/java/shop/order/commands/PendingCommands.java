package shop.order.commands;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** The requests of this instance that wait for the result of their command, by correlation id. */
@Component
public class PendingCommands {

  private final Map<String, CompletableFuture<CommandResult>> pending = new ConcurrentHashMap<>();

  /** Registers a command and returns its future result. To be called before it is appended. */
  CompletableFuture<CommandResult> register(String correlationId) {
    var result = new CompletableFuture<CommandResult>();
    pending.put(correlationId, result);
    return result;
  }

  /** Stops waiting for a command. */
  void remove(String correlationId) {
    pending.remove(correlationId);
  }

  /** True if a request of this instance waits for the command. */
  public boolean contains(String correlationId) {
    return pending.containsKey(correlationId);
  }

  /** Completes the request that waits for the command, if there is one. */
  public void complete(String correlationId, CommandResult result) {
    var waiting = pending.remove(correlationId);
    if (waiting != null) {
      waiting.complete(result);
    }
  }
}
