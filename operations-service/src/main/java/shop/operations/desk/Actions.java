package shop.operations.desk;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import shop.common.deadletter.Cause;
import shop.common.deadletter.RedriveOutcome;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.operations.Action;

/** Actions as records of {@code dead-letter-actions}. */
public final class Actions {

  private Actions() {}

  /** An action on an entry. */
  public record Told(String entry, Action action, Instant at) {}

  /**
   * The action in a record; empty for types of later versions.
   *
   * @throws MalformedEvent if it is no event, or lacks something
   * @throws shop.common.json.MalformedJson if its data is not what its type says
   */
  public static Optional<Told> read(ConsumerRecord<byte[], byte[]> record) {
    var event = Envelope.of(record.headers());
    @Nullable Action action =
        switch (event.type()) {
          case Action.RetryRequested.TYPE -> requested(data(record, RetryRequested.class));
          case RedriveOutcome.RESOLVED ->
              new Action.Resolved(data(record, Outcome.class).attempt(), event.source());
          case RedriveOutcome.FAILED_AGAIN -> failed(event, data(record, Outcome.class));
          default -> null;
        };
    return Optional.ofNullable(action).map(told -> new Told(event.subject(), told, event.time()));
  }

  private static Action requested(RetryRequested data) {
    return new Action.RetryRequested(data.version(), data.attempt(), required(data.by(), "by"));
  }

  private static Action failed(Envelope event, Outcome data) {
    return new Action.FailedAgain(data.attempt(), event.source(), required(data.cause(), "cause"));
  }

  private static <T> T data(ConsumerRecord<byte[], byte[]> record, Class<T> type) {
    return Json.read(required(record.value(), "data"), type);
  }

  private static <T> T required(@Nullable T value, String name) {
    if (value == null) {
      throw new MalformedEvent("The action lacks '" + name + "'");
    }
    return value;
  }

  /** Data of {@link Action.RetryRequested}. */
  private record RetryRequested(int version, int attempt, @Nullable UUID by) {}

  /** Data of both outcomes; the cause is that of a failure. */
  private record Outcome(int attempt, @Nullable Cause cause) {}
}
