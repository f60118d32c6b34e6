package shop.order.storage;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.stereotype.Component;

/** What the log uses of the brokers' disks, as they report it (KIP-827). */
@Component
class LogDirectories implements DisposableBean {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Admin admin;

  LogDirectories(KafkaProperties kafka) {
    this.admin = Admin.create(kafka.buildAdminProperties());
  }

  /**
   * What one broker uses, in bytes.
   *
   * @param size of all its partitions
   * @param free of the fullest volume with one of its log directories; the largest number if
   *     unknown
   */
  record Usage(int id, long size, long free) {}

  /** The brokers do not respond. */
  static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    Unavailable(Throwable cause) {
      super(cause.toString(), cause);
    }
  }

  List<Usage> usage() throws Unavailable {
    try {
      var ids = await(admin.describeCluster().nodes()).stream().map(Node::id).toList();
      return await(admin.describeLogDirs(ids).allDescriptions()).entrySet().stream()
          .map(broker -> usage(broker.getKey(), broker.getValue().values()))
          .toList();
    } catch (ExecutionException | TimeoutException e) {
      throw new Unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable(e);
    }
  }

  private static <T> T await(KafkaFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Usage usage(int broker, Collection<LogDirDescription> directories) {
    long size =
        directories.stream()
            .flatMap(directory -> directory.replicaInfos().values().stream())
            .mapToLong(ReplicaInfo::size)
            .sum();
    long free =
        directories.stream()
            .mapToLong(directory -> directory.usableBytes().orElse(Long.MAX_VALUE))
            .min()
            .orElse(Long.MAX_VALUE);
    return new Usage(broker, size, free);
  }

  @Override
  public void destroy() {
    admin.close(Duration.ofSeconds(1));
  }
}
