package shop.bench.orders;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import shop.bench.baseline.BaselineEndpoint;
import shop.local.os.JavaCommand;
import shop.local.os.Ports;

/**
 * The bare endpoint as a process of its own, with a topic of its own, for as long as this is open.
 */
final class BaselineProcess implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final int PARTITIONS = 12;

  private final Admin kafka;
  private final Process process;
  private final int port;

  /**
   * Starts it.
   *
   * @param options of its JVM, as the services have them
   */
  BaselineProcess(String bootstrapServers, Path folder, String options)
      throws IOException, InterruptedException {
    kafka = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    createTopic();
    port = Ports.freeBlock(1);
    Files.createDirectories(folder);
    var command =
        JavaCommand.withMaxHeap(256)
            .initialHeap(32)
            .serialCollector()
            .options("-Xss512k")
            .hugePages()
            .options(options.strip().split("\\s+", -1))
            .jar(System.getProperty("java.class.path"), "bare", Integer.toString(port));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("bare.log").toFile())
            .start();
    awaitPort();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** CPU milliseconds that it has used. */
  SortedMap<String, Long> cpu() {
    long millis = process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
    return new TreeMap<>(Map.of(Table.LIMIT, millis));
  }

  private void createTopic() throws IOException, InterruptedException {
    try {
      kafka
          .createTopics(List.of(new NewTopic(BaselineEndpoint.TOPIC, PARTITIONS, (short) 1)))
          .all()
          .get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new IOException("The bare endpoint's topic could not be made", e);
      }
    }
  }

  private void awaitPort() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          close();
          throw new IOException("The bare endpoint did not start: .local/bench/bare.log", e);
        }
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      kafka.deleteTopics(List.of(BaselineEndpoint.TOPIC)).all().get();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      System.err.println("The topic " + BaselineEndpoint.TOPIC + " stays: " + e.getCause());
    } finally {
      kafka.close();
    }
  }
}
