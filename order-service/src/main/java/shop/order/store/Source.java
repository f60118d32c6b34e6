package shop.order.store;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Where in the log a change comes from.
 *
 * @param partition topic and number, {@code orders:3}
 * @param offset of the record
 */
public record Source(String partition, String offset) {

  public static Source of(ConsumerRecord<?, ?> record) {
    return new Source(
        partition(record.topic(), record.partition()), Long.toString(record.offset()));
  }

  static String partition(String topic, int number) {
    return topic + ":" + number;
  }
}
