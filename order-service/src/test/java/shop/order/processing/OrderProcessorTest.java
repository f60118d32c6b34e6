package shop.order.processing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.Topics;
import shop.common.testkit.Contracts;
import shop.order.CommandAnswer;
import shop.order.OrderCommand;
import shop.order.OrderEvent;
import shop.order.PaymentFact;
import shop.order.kafka.CorrelationIdHeader;

class OrderProcessorTest extends ProcessorTest {

  @Test
  void anOrderIsPlacedOnceAndNumberedFromOne() {
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);
    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);
    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);

    List<Envelope> events =
        orders.readRecordsToList().stream().map(r -> Envelope.of(r.headers())).toList();
    assertThat(events)
        .extracting(Envelope::type)
        .containsExactly(OrderEvent.Placed.TYPE, CommandAnswer.TYPE, OrderEvent.Confirmed.TYPE);
    assertThat(events).extracting(Envelope::sequence).containsExactly(1L, null, 2L);
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void eventsMatchTheContracts() {
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);
    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);

    for (var record : orders.readRecordsToList()) {
      String type = Envelope.of(record.headers()).type();
      assertThat(Json.MAPPER.readTree(record.value()))
          .isEqualTo(Contracts.sample(type).get("data"));
    }
  }

  @Test
  void aCommandAppendedAfterItsDeadlineIsIgnored() {
    send(Topics.ORDER_COMMANDS, place(NOW), NOW.plusMillis(1));

    assertThat(orders.isEmpty()).isTrue();
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void anAcceptedCommandCausesAnEventWithItsIdAndARepeatedOneAnAnswer() {
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);
    send(Topics.ORDER_COMMANDS, withCorrelationId(OrderCommand.Cancel.TYPE, "first"), NOW);
    send(Topics.ORDER_COMMANDS, withCorrelationId(OrderCommand.Cancel.TYPE, "second"), NOW);

    var records = orders.readRecordsToList();
    assertThat(records)
        .extracting(record -> Envelope.of(record.headers()).type())
        .containsExactly(
            OrderEvent.Placed.TYPE, OrderEvent.CancelRequested.TYPE, CommandAnswer.TYPE);
    String command = Contracts.sample(OrderCommand.Cancel.TYPE).get("id").asString();
    assertThat(records.get(1).headers().lastHeader(CorrelationIdHeader.NAME).value())
        .isEqualTo("first".getBytes(UTF_8));
    assertThat(records.get(2).headers().lastHeader(CorrelationIdHeader.NAME).value())
        .isEqualTo("second".getBytes(UTF_8));
    assertThat(Envelope.of(records.get(2).headers()).sequence()).isNull();
    assertThat(Json.read(records.get(2).value(), CommandAnswer.class))
        .isEqualTo(
            new CommandAnswer(
                command,
                OrderCommand.Cancel.TYPE,
                CommandAnswer.Outcome.REPEATED,
                null,
                null,
                2L,
                null));
  }

  @Test
  void anIllegalCommandIsAnsweredWithoutASequenceNumber() {
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);
    send(Topics.ORDER_COMMANDS, fact(OrderCommand.Deliver.TYPE), NOW);
    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);

    assertThat(orders.readRecordsToList())
        .extracting(record -> Envelope.of(record.headers()).sequence())
        .containsExactly(1L, null, 2L);
  }

  @Test
  void factsOfTheReconcilerAreProcessedLikePayments() {
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);
    send(Topics.ORDER_COMMANDS, fact(OrderCommand.Settle.TYPE), NOW);
    send(Topics.ORDER_COMMANDS, fact(OrderCommand.Settle.TYPE), NOW);

    assertThat(orders.readRecordsToList())
        .extracting(record -> Envelope.of(record.headers()).type())
        .containsExactly(OrderEvent.Placed.TYPE, OrderEvent.Confirmed.TYPE);
  }

  @Test
  void aStateWithoutRefundFieldsIsReadable() {
    var old =
        """
        {"status":"PLACED","sequence":1,"customerId":"2f1c1c56-54f8-5ac2-8f0b-6d0b7c1f4a11",
         "total":{"amount":2580,"currency":"EUR"},"placedAt":"2026-11-21T09:30:00.123Z"}\
        """;
    KeyValueStore<String, byte[]> states = driver.getKeyValueStore(OrderTopology.STATES);
    states.put("7d0e6f0c-5f1b-5c3a-9a55-0d6a3c1c9b10", old.getBytes(UTF_8));

    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);

    assertThat(Envelope.of(orders.readRecord().headers()).sequence()).isEqualTo(2);
  }

  private static ProducerRecord<byte[], byte[]> withCorrelationId(
      String type, String correlationId) {
    var record = Contracts.record(type);
    record.headers().add(CorrelationIdHeader.NAME, correlationId.getBytes(UTF_8));
    return record;
  }
}
