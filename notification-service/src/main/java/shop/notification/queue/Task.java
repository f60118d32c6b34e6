package shop.notification.queue;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.trace.TraceContext;
import shop.notification.Delivery;

/**
 * A delivery as it lies in a queue: its bytes, and headers that say what a queue and a worker need.
 * The headers are those of an event about the order, so that a dead letter of it shows the order.
 *
 * @param body the delivery's JSON
 * @param headers text headers of the message, without what is RabbitMQ's own
 * @param attempts how often it was tried
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are bytes; nothing compares tasks
record Task(byte[] body, Map<String, String> headers, int attempts) {

  static final String TYPE = "shop.notification.delivery.v1";
  static final String DEADLINE = "deadline";
  static final String ATTEMPTS = "attempts";

  Task {
    headers = Map.copyOf(headers);
  }

  static Task of(Delivery delivery, Instant eventTime, Instant deadline, TraceContext trace) {
    var envelope =
        new Envelope(
            delivery.id().toString(),
            TYPE,
            "notification-service",
            delivery.orderId().toString(),
            eventTime,
            delivery.orderSequence(),
            trace);
    var headers = texts(envelope.headers());
    headers.put(DEADLINE, deadline.toString());
    return new Task(Json.bytes(delivery), headers, 0);
  }

  /** A dead letter on its way back: it starts over, with a new deadline. */
  static Task redriven(byte[] body, Headers original, Instant deadline) {
    var headers = texts(original);
    headers.put(DEADLINE, deadline.toString());
    return new Task(body, headers, 0);
  }

  static Task of(Message message) {
    Map<String, String> headers = new TreeMap<>();
    int attempts = 0;
    for (var header : message.getMessageProperties().getHeaders().entrySet()) {
      if (header.getKey().equals(ATTEMPTS)) {
        attempts = header.getValue() instanceof Number number ? number.intValue() : 0;
      } else if (isOurs(header.getKey()) && header.getValue() != null) {
        headers.put(header.getKey(), header.getValue().toString());
      }
    }
    return new Task(message.getBody(), headers, attempts);
  }

  /** RabbitMQ marks what it dead-letters, Spring what it publishes. */
  private static boolean isOurs(String header) {
    return !header.startsWith("x-") && !header.startsWith("spring_");
  }

  Task afterAttempts(int number) {
    return new Task(body, headers, number);
  }

  Message toMessage() {
    var message =
        MessageBuilder.withBody(body)
            .setContentType("application/json")
            .setDeliveryMode(MessageDeliveryMode.PERSISTENT)
            .setMessageId(id());
    headers.forEach(message::setHeader);
    return message.setHeader(ATTEMPTS, attempts).build();
  }

  /**
   * @throws shop.common.json.MalformedJson if the body is none
   */
  Delivery delivery() {
    return Json.read(body, Delivery.class);
  }

  /** The delivery's id; of a message without one, an id of its bytes. */
  String id() {
    @Nullable String id = headers.get(Envelope.ID);
    return id == null ? UUID.nameUUIDFromBytes(body).toString() : id;
  }

  /** Until when the notice is worth sending. */
  Instant deadline() {
    @Nullable String text = headers.get(DEADLINE);
    if (text == null) {
      throw new MalformedEvent("A delivery without the header " + DEADLINE);
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new MalformedEvent("The header " + DEADLINE + " is no RFC 3339 time", e);
    }
  }

  TraceContext trace() {
    return TraceContext.below(headers.get(TraceContext.HEADER));
  }

  /** The headers as Kafka's. */
  Headers kafkaHeaders() {
    var all = new RecordHeaders();
    headers.forEach((name, value) -> all.add(name, value.getBytes(StandardCharsets.UTF_8)));
    return all;
  }

  private static Map<String, String> texts(Headers headers) {
    Map<String, String> texts = new TreeMap<>();
    for (var header : headers) {
      if (header.value() != null) {
        texts.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
      }
    }
    return texts;
  }
}
