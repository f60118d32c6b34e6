package shop.notification.queue;

import org.jspecify.annotations.Nullable;

/** RabbitMQ did not confirm published messages. */
public final class QueueUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  QueueUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
