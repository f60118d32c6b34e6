package shop.payment.messaging;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import shop.common.kafka.Topic;

/** Where the partitions of a topic end now, as the broker says; connects when it is asked first. */
final class LogEnds implements AutoCloseable {

  private final Map<String, Object> client;
  private final Map<TopicPartition, OffsetSpec> latest;
  private @Nullable Admin admin;

  LogEnds(Map<String, Object> client, Topic topic) {
    this.client = client;
    this.latest =
        IntStream.range(0, topic.partitions())
            .mapToObj(number -> new TopicPartition(topic.name(), number))
            .collect(Collectors.toMap(partition -> partition, _ -> OffsetSpec.latest()));
  }

  /** The offset behind the last record of each partition. */
  Map<Integer, Long> ask(Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    var answer = admin().listOffsets(latest).all().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    Map<Integer, Long> ends = new HashMap<>();
    answer.forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
    return ends;
  }

  private synchronized Admin admin() {
    if (admin == null) {
      admin = Admin.create(client);
    }
    return admin;
  }

  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close(Duration.ofSeconds(1));
    }
  }
}
