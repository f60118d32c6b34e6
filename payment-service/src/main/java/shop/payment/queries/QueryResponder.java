package shop.payment.queries;

import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.boot.amqp.autoconfigure.RabbitProperties;
import org.springframework.stereotype.Component;
import shop.common.json.Json;
import shop.payment.Payment;
import shop.payment.PaymentEvent;
import shop.payment.Payments;

/**
 * Responds to queries for an order's payment, by request and reply over RabbitMQ (direct reply-to).
 * A query that cannot be read, or that comes while the log cannot be read to its end, gets no
 * response; the client repeats it.
 */
@Component
class QueryResponder {

  static final String QUEUE = "payment-service.questions";

  private static final Logger log = LoggerFactory.getLogger(QueryResponder.class);

  private final Payments payments;

  QueryResponder(Payments payments, RabbitProperties rabbit) {
    this.payments = payments;
    if (rabbit.getUsername() == null || rabbit.getUsername().isEmpty()) {
      log.warn(
          "RABBITMQ_USER is not set: order-service's reconciler gets no response to its queries");
    }
  }

  /** The body of a query. */
  record Query(UUID orderId) {
    Query {
      if (orderId == null) {
        throw new IllegalArgumentException("orderId is required");
      }
    }
  }

  /**
   * The body of a response.
   *
   * @param facts the order's events on {@code payments} that took effect, oldest first
   */
  record Response(UUID orderId, List<Fact> facts) {}

  /** An event as it is stored in the log. */
  record Fact(String type, PaymentEvent data) {
    static Fact of(PaymentEvent event) {
      return new Fact(event.type(), event);
    }
  }

  @RabbitListener(queues = QUEUE, autoStartup = "#{!'${spring.rabbitmq.username}'.isEmpty()}")
  Message respond(Message query) {
    var orderId = Json.read(query.getBody(), Query.class).orderId();
    var facts =
        payments.current(orderId).map(Payment::events).orElse(List.of()).stream()
            .map(Fact::of)
            .toList();
    return MessageBuilder.withBody(Json.bytes(new Response(orderId, facts)))
        .setContentType(MessageProperties.CONTENT_TYPE_JSON)
        .build();
  }
}
