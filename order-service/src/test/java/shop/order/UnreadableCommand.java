package shop.order;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.order.kafka.DeadlineHeader;
import shop.order.kafka.OrderSummaryHeader;

/**
 * The command of an accepted order whose data the processor cannot read, as an instance leaves it
 * that is killed after the acknowledgement.
 */
public final class UnreadableCommand {

  private UnreadableCommand() {}

  /**
   * The record to append.
   *
   * @param summary of the order that the customer placed
   */
  public static ProducerRecord<byte[], byte[]> of(OrderId id, OrderSummary summary) {
    var record =
        Envelope.of(PlaceOrder.TYPE, "order-service", id.toString(), Instant.now())
            .withId(id + "/place")
            .record(Topics.ORDER_COMMANDS.name(), "{".getBytes(UTF_8));
    DeadlineHeader.write(record.headers(), new Deadline(Instant.now().plusSeconds(60)));
    OrderSummaryHeader.write(record.headers(), summary);
    return record;
  }
}
