package shop.gateway.websocket;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the open WebSockets of each client. */
final class OpenSockets {

  private final int max;
  private final Map<String, Integer> byClient = new ConcurrentHashMap<>();

  OpenSockets(int max) {
    this.max = max;
  }

  /** False if the client has as many as it may have; else it has one more, to be closed. */
  boolean tryOpen(String client) {
    if (byClient.merge(client, 1, Integer::sum) <= max) {
      return true;
    }
    close(client);
    return false;
  }

  void close(String client) {
    byClient.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
  }
}
