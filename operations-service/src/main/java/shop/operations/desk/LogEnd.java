package shop.operations.desk;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;

/**
 * The end of what the desk is made of. Whoever says that something is not in the log has read to
 * there. It is the end behind open transactions, which may hide what others have appended since.
 */
public final class LogEnd implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(LogEnd.class);
  private static final Map<TopicPartition, OffsetSpec> LATEST =
      Stream.of(Topics.DEAD_LETTERS, Topics.DEAD_LETTER_ACTIONS)
          .flatMap(topic ->
              IntStream.range(0, topic.partitions())
                  .mapToObj(number -> new TopicPartition(topic.name(), number)))
          .collect(Collectors.toMap(Function.identity(), _ -> OffsetSpec.latest()));

  private final Map<String, Object> client;
  private final TopicFollower follower;
  private final Duration timeout;
  private @Nullable Admin admin;

  LogEnd(Map<String, Object> client, TopicFollower follower, Duration timeout) {
    this.client = client;
    this.follower = follower;
    this.timeout = timeout;
  }

  /** True once the desk has read all that is in the log now; false if it has not in time. */
  public boolean awaitRead() throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      var ends =
          admin().listOffsets(LATEST).all().get(timeout.toNanos(), TimeUnit.NANOSECONDS).entrySet();
      for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end : ends) {
        var left = Duration.ofNanos(deadline - System.nanoTime());
        if (!follower.awaitRead(end.getKey(), end.getValue().offset() - 1, left)) {
          return false;
        }
      }
      return true;
    } catch (ExecutionException | TimeoutException e) {
      log.warn("Kafka does not say how far the dead letters go", e);
      return false;
    }
  }

  private synchronized Admin admin() {
    if (admin == null) {
      admin = Admin.create(client);
    }
    return admin;
  }

  @Override
  public synchronized void destroy() {
    if (admin != null) {
      admin.close(Duration.ofSeconds(1));
    }
  }
}
