package shop.common.deadletter;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The headers that mark a record as a redriven dead letter. Such a record is sent to the service's
 * redrive topic with the original key, headers and bytes, and names the consumer group that could
 * not process it.
 *
 * @param entry id of the dead letter
 * @param attempt number of the redrive, from 1
 * @param group the consumer group that processes the record; the service's other groups skip it
 * @param topic the topic that the message was first read from
 */
public record Redrive(String entry, int attempt, String group, String topic) {

  private static final String ENTRY = "redrive_entry";
  private static final String ATTEMPT = "redrive_attempt";
  private static final String GROUP = "redrive_group";
  private static final String TOPIC = "redrive_topic";
  private static final String SETTLE = "redrive_settle";
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

  /** The redrive of a record; empty for any other record and for malformed headers. */
  public static Optional<Redrive> of(Headers headers) {
    @Nullable String entry = HeaderText.last(headers, ENTRY);
    @Nullable String attempt = HeaderText.last(headers, ATTEMPT);
    @Nullable String group = HeaderText.last(headers, GROUP);
    @Nullable String topic = HeaderText.last(headers, TOPIC);
    return entry == null
            || attempt == null
            || group == null
            || topic == null
            || !NUMBER.matcher(attempt).matches()
        ? Optional.empty()
        : Optional.of(new Redrive(entry, Integer.parseInt(attempt), group, topic));
  }

  /**
   * The topic that a message was first read from.
   *
   * @param topic the topic that the record was read from now
   */
  public static String origin(Headers headers, String topic) {
    return of(headers).map(Redrive::topic).orElse(topic);
  }

  /** True if the record is a redrive for another group of the same service. */
  public static boolean isForOtherGroup(Headers headers, String group) {
    return of(headers).filter(redrive -> !redrive.group().equals(group)).isPresent();
  }

  /**
   * True if the message is being discarded: the service must not process it, but settle its
   * subject, so that no payment or refund remains open because of it.
   */
  public static boolean isSettlement(Headers headers) {
    return headers.lastHeader(SETTLE) != null;
  }

  /** Marks a message as being discarded. */
  public static void markSettlement(Headers headers) {
    headers.remove(SETTLE);
    headers.add(SETTLE, "true".getBytes(StandardCharsets.UTF_8));
  }

  /** Adds this redrive's headers, replacing those of an earlier redrive. */
  public void mark(Headers headers) {
    Map.of(ENTRY, entry, ATTEMPT, Integer.toString(attempt), GROUP, group, TOPIC, topic)
        .forEach((name, value) -> {
          headers.remove(name);
          headers.add(name, value.getBytes(StandardCharsets.UTF_8));
        });
  }
}
