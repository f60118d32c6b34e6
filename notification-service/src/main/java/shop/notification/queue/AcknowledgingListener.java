package shop.notification.queue;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareMessageListener;

/**
 * Acknowledges a message after its handler has returned. If the handler fails, the message is
 * requeued after a pause, by {@code basic.reject}: RabbitMQ 4.3 counts that towards the delivery
 * limit, but not a {@code basic.nack}, after which the message would be redelivered without a
 * limit.
 */
record AcknowledgingListener(Consumer<Message> handler, Duration pause)
    implements ChannelAwareMessageListener {

  private static final Logger log = LoggerFactory.getLogger(AcknowledgingListener.class);

  @Override
  public void onMessage(
      Message message, com.rabbitmq.client.@org.jspecify.annotations.Nullable Channel channel)
      throws IOException, InterruptedException {
    if (channel == null) {
      throw new IllegalStateException("The listener container does not use manual acknowledgement");
    }
    long tag = message.getMessageProperties().getDeliveryTag();
    try {
      handler.accept(message);
    } catch (RuntimeException e) {
      log.warn(
          "Handling a message of {} failed; requeueing it in {}: {}",
          message.getMessageProperties().getConsumerQueue(),
          pause,
          e.toString());
      Thread.sleep(pause);
      channel.basicReject(tag, true);
      return;
    }
    channel.basicAck(tag, false);
  }
}
