package shop.notification.queue;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareMessageListener;

/**
 * Acknowledges a message after its handler has returned. One whose handler failed goes back to the
 * queue after a pause, by {@code basic.reject}: it counts towards the delivery limit, a {@code
 * basic.nack} does not in RabbitMQ 4.3 and would come back without end.
 */
record AcknowledgingListener(Consumer<Message> handler, Duration pause)
    implements ChannelAwareMessageListener {

  private static final Logger log = LoggerFactory.getLogger(AcknowledgingListener.class);

  @Override
  public void onMessage(
      Message message, com.rabbitmq.client.@org.jspecify.annotations.Nullable Channel channel)
      throws IOException, InterruptedException {
    if (channel == null) {
      throw new IllegalStateException("The container does not acknowledge manually");
    }
    long tag = message.getMessageProperties().getDeliveryTag();
    try {
      handler.accept(message);
    } catch (RuntimeException e) {
      log.warn("A message goes back to its queue: {}", e.toString());
      Thread.sleep(pause);
      channel.basicReject(tag, true);
      return;
    }
    channel.basicAck(tag, false);
  }
}
