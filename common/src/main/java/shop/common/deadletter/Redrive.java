package shop.common.deadletter;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What makes a record a dead letter on its way back: it comes by the service's redrive topic, with
 * the original's key, headers and bytes, and names the reader that gave up on it.
 *
 * @param entry the dead letter's id
 * @param attempt which redrive of it, from 1
 * @param group the consumer group that is to take it; others of the service pass it by
 * @param topic the topic that it first came by
 */
public record Redrive(String entry, int attempt, String group, String topic) {

  private static final String ENTRY = "redrive_entry";
  private static final String ATTEMPT = "redrive_attempt";
  private static final String GROUP = "redrive_group";
  private static final String TOPIC = "redrive_topic";
  private static final String SETTLE = "redrive_settle";
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

  /** The redrive that a record is; empty for any other record, and for marks that are garbage. */
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

  /** The topic by which a record first came, for one that came by this topic now. */
  public static String origin(Headers headers, String topic) {
    return of(headers).map(Redrive::topic).orElse(topic);
  }

  /** True if the record is a redrive for another group of the same service. */
  public static boolean isForOtherGroup(Headers headers, String group) {
    return of(headers).filter(redrive -> !redrive.group().equals(group)).isPresent();
  }

  /**
   * True if the message is being discarded: the service is not to process it, but to settle what it
   * is about, so that nobody owes or is owed anything because of it.
   */
  public static boolean isSettlement(Headers headers) {
    return headers.lastHeader(SETTLE) != null;
  }

  /** Marks headers as those of a message that is being discarded. */
  public static void markSettlement(Headers headers) {
    headers.remove(SETTLE);
    headers.add(SETTLE, "true".getBytes(StandardCharsets.UTF_8));
  }

  /** Marks headers as this redrive's. */
  public void mark(Headers headers) {
    Map.of(ENTRY, entry, ATTEMPT, Integer.toString(attempt), GROUP, group, TOPIC, topic)
        .forEach((name, value) -> {
          headers.remove(name);
          headers.add(name, value.getBytes(StandardCharsets.UTF_8));
        });
  }
}
