package shop.order.reconciling;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.stereotype.Component;
import shop.common.json.Json;
import shop.common.json.MalformedJson;
import shop.order.OrderCommand.ReportedFact;
import shop.order.OrderId;

/**
 * Queries payment-service for its facts about an order: request and reply over RabbitMQ, with
 * direct reply-to.
 */
@Component
class PaymentQueries {

  private static final Logger log = LoggerFactory.getLogger(PaymentQueries.class);
  private static final String QUEUE = "payment-service.questions";

  private final RabbitTemplate rabbit;

  PaymentQueries(RabbitTemplate rabbit, ReconcilingSettings settings) {
    this.rabbit = rabbit;
    rabbit.setReplyTimeout(settings.timeout().toMillis());
  }

  /** The body of a reply. */
  record Reply(List<ReportedFact> facts) {}

  /** The facts about an order, oldest first; empty if payment-service does not respond. */
  Optional<List<ReportedFact>> query(OrderId id) {
    var request =
        MessageBuilder.withBody(Json.bytes(Map.of("orderId", id)))
            .setContentType(MessageProperties.CONTENT_TYPE_JSON)
            .build();
    try {
      @Nullable Message reply = rabbit.sendAndReceive("", QUEUE, request);
      return reply == null
          ? Optional.empty()
          : Optional.of(Json.read(reply.getBody(), Reply.class).facts());
    } catch (AmqpException | MalformedJson e) {
      log.warn(
          "The query to payment-service about order {} failed; the next round repeats it: {}",
          id,
          e.toString());
      return Optional.empty();
    }
  }
}
