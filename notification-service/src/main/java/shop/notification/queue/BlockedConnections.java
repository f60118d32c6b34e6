package shop.notification.queue;

import com.rabbitmq.client.BlockedListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionListener;
import org.springframework.stereotype.Component;

/**
 * Tracks the connections that RabbitMQ has blocked because it is low on memory or disk: a write to
 * a blocked connection would wait without a limit.
 */
@Component
final class BlockedConnections implements ConnectionListener {

  private final Map<Connection, String> reasons = new ConcurrentHashMap<>();

  BlockedConnections(ConnectionFactory connections) {
    connections.addConnectionListener(this);
  }

  @Override
  public void onCreate(@Nullable Connection connection) {
    if (connection == null) {
      return;
    }
    connection.addBlockedListener(
        new BlockedListener() {
          @Override
          public void handleBlocked(String reason) {
            reasons.put(connection, reason);
          }

          @Override
          public void handleUnblocked() {
            reasons.remove(connection);
          }
        });
  }

  @Override
  public void onClose(Connection connection) {
    reasons.remove(connection);
  }

  /**
   * @throws QueueUnavailable if RabbitMQ has blocked a connection
   */
  void requireUnblocked() {
    reasons.keySet().removeIf(connection -> !connection.isOpen());
    reasons.values().stream()
        .findAny()
        .ifPresent(reason -> {
          throw new QueueUnavailable(
              "RabbitMQ has blocked a connection for publishing: " + reason, null);
        });
  }
}
