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
import shop.order.OrderCommand.ToldFact;
import shop.order.OrderId;

/** Asks payment-service what it knows: request and reply over RabbitMQ, by direct reply-to. */
@Component
class PaymentQueries {

  private static final Logger log = LoggerFactory.getLogger(PaymentQueries.class);
  private static final String QUEUE = "payment-service.questions";

  private final RabbitTemplate rabbit;

  PaymentQueries(RabbitTemplate rabbit, ReconcilingSettings settings) {
    this.rabbit = rabbit;
    rabbit.setReplyTimeout(settings.patience().toMillis());
  }

  /** What is answered. */
  record Answer(List<ToldFact> facts) {}

  /** What payment-service knows of an order, oldest first; empty if it does not answer. */
  Optional<List<ToldFact>> ask(OrderId id) {
    var question =
        MessageBuilder.withBody(Json.bytes(Map.of("orderId", id)))
            .setContentType(MessageProperties.CONTENT_TYPE_JSON)
            .build();
    try {
      @Nullable Message answer = rabbit.sendAndReceive("", QUEUE, question);
      return answer == null
          ? Optional.empty()
          : Optional.of(Json.read(answer.getBody(), Answer.class).facts());
    } catch (AmqpException | MalformedJson e) {
      log.warn("Payment-service cannot be asked about order {}: {}", id, e.toString());
      return Optional.empty();
    }
  }
}
