package shop.order.store;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Where in the log a change comes from.
 *
 * @param partition topic and number, {@code orders:3}
 * @param before where the record before it ended: Redis must be there
 * @param offset of the record; behind it Redis is at the next
 */
public record Source(String partition, long before, long offset) {

  public static Source of(ConsumerRecord<?, ?> record, long before) {
    return new Source(partition(record.topic(), record.partition()), before, record.offset());
  }

  /** Goes on to an offset, though there is no record: the log's own marks are no records. */
  public static Source upTo(TopicPartition partition, long before, long next) {
    return new Source(partition(partition.topic(), partition.partition()), before, next - 1);
  }

  static String partition(String topic, int number) {
    return topic + ":" + number;
  }

  /** The first arguments of a script that applies a record. */
  List<String> arguments() {
    return List.of(partition, Long.toString(before), Long.toString(offset));
  }
}
