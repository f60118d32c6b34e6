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
import shop.common.time.Rfc3339;
import shop.common.trace.TraceContext;
import shop.notification.Delivery;

/**
 * A delivery as a queued message. Its headers are those of an event about the order, so that its
 * dead letter shows the order, and the deadline.
 *
 * @param body the delivery's JSON
 * @param headers text headers of the message, without those of RabbitMQ and Spring
 * @param attempts the number of attempts so far
 */
@SuppressWarnings("ArrayRecordComponent") // tasks are never compared
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
    var headers = textHeaders(envelope.headers());
    headers.put(DEADLINE, deadline.toString());
    return new Task(Json.bytes(delivery), headers, 0);
  }

  /** The task of a redriven dead letter: no attempts so far, and a new deadline. */
  static Task redriven(byte[] body, Headers original, Instant deadline) {
    var headers = textHeaders(original);
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

  /** RabbitMQ adds headers to messages that it dead-letters, Spring to those that it publishes. */
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
   * @throws shop.common.json.MalformedJson if the body is not a delivery
   */
  Delivery delivery() {
    return Json.read(body, Delivery.class);
  }

  /** The delivery's id; if the header is missing, an id derived from the body. */
  String id() {
    @Nullable String id = headers.get(Envelope.ID);
    return id == null ? UUID.nameUUIDFromBytes(body).toString() : id;
  }

  /** The time after which the notice is not sent any more. */
  Instant deadline() {
    @Nullable String text = headers.get(DEADLINE);
    if (text == null) {
      throw new MalformedEvent("The delivery has no header " + DEADLINE);
    }
    try {
      return Rfc3339.parse(text);
    } catch (DateTimeException e) {
      throw new MalformedEvent("The header " + DEADLINE + " is not an RFC 3339 time", e);
    }
  }

  TraceContext trace() {
    return TraceContext.below(headers.get(TraceContext.HEADER));
  }

  /** The headers of the Kafka record. */
  Headers kafkaHeaders() {
    var all = new RecordHeaders();
    headers.forEach((name, value) -> all.add(name, value.getBytes(StandardCharsets.UTF_8)));
    return all;
  }

  private static Map<String, String> textHeaders(Headers headers) {
    Map<String, String> textHeaders = new TreeMap<>();
    for (var header : headers) {
      if (header.value() != null) {
        textHeaders.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
      }
    }
    return textHeaders;
  }
}
