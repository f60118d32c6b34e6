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
import shop.bench.platform.Polling;
import shop.local.os.JavaCommand;
import shop.local.os.Ports;

/** The baseline endpoint as a separate process with its own topic, until this is closed. */
final class BaselineProcess implements AutoCloseable {

  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
  private static final int PARTITIONS = 12;

  private final Admin kafka;
  private final Process process;
  private final int port;

  /**
   * Starts the process.
   *
   * @param options JVM options, the same as those of the services
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
            .jar(System.getProperty("java.class.path"), "baseline", Integer.toString(port));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("baseline.log").toFile())
            .start();
    awaitPort();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** CPU milliseconds used so far. */
  SortedMap<String, Long> cpu() {
    long millis = process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
    return new TreeMap<>(Map.of(Table.BASELINE, millis));
  }

  private void createTopic() throws IOException, InterruptedException {
    try {
      kafka
          .createTopics(List.of(new NewTopic(BaselineEndpoint.TOPIC, PARTITIONS, (short) 1)))
          .all()
          .get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new IOException("Cannot create the baseline endpoint's topic", e);
      }
    }
  }

  private void awaitPort() throws IOException, InterruptedException {
    try {
      Polling.await(
          START_TIMEOUT,
          POLL_INTERVAL,
          this::acceptsConnections,
          () -> "no connection after " + START_TIMEOUT);
    } catch (IOException e) {
      close();
      throw new IOException("The baseline endpoint did not start: .local/bench/baseline.log", e);
    }
  }

  private boolean acceptsConnections() throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException e) {
      if (!process.isAlive()) {
        throw e;
      }
      return false;
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
      System.err.println("Cannot delete topic " + BaselineEndpoint.TOPIC + ": " + e.getCause());
    } finally {
      kafka.close();
    }
  }
}
