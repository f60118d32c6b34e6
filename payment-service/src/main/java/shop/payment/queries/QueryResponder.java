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
 * Answers what is known of an order's payment: request and reply over RabbitMQ (direct reply-to). A
 * question that cannot be read, or not be answered from the whole log, gets no answer; whoever
 * asked asks again.
 */
@Component
class QueryResponder {

  static final String QUEUE = "payment-service.questions";

  private static final Logger log = LoggerFactory.getLogger(QueryResponder.class);

  private final Payments payments;

  QueryResponder(Payments payments, RabbitProperties rabbit) {
    this.payments = payments;
    if (rabbit.getUsername() == null || rabbit.getUsername().isEmpty()) {
      log.warn("RABBITMQ_USER is not set: questions of order-service's reconciler get no answer");
    }
  }

  /** What is asked for. */
  record Question(UUID orderId) {
    Question {
      if (orderId == null) {
        throw new IllegalArgumentException("orderId is required");
      }
    }
  }

  /**
   * What is known.
   *
   * @param facts the order's events on {@code payments} that counted, oldest first
   */
  record Answer(UUID orderId, List<Fact> facts) {}

  /** An event, as it lies in the log. */
  record Fact(String type, PaymentEvent data) {
    static Fact of(PaymentEvent event) {
      return new Fact(event.type(), event);
    }
  }

  @RabbitListener(queues = QUEUE, autoStartup = "#{!'${spring.rabbitmq.username}'.isEmpty()}")
  Message answer(Message question) {
    var orderId = Json.read(question.getBody(), Question.class).orderId();
    var facts =
        payments.current(orderId).map(Payment::events).orElse(List.of()).stream()
            .map(Fact::of)
            .toList();
    return MessageBuilder.withBody(Json.bytes(new Answer(orderId, facts)))
        .setContentType(MessageProperties.CONTENT_TYPE_JSON)
        .build();
  }
}
