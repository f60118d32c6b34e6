package shop.operations;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.Topics;
import shop.common.testkit.BrokersInitializer;
import shop.common.testkit.Contracts;
import shop.common.testkit.TestTokens;
import shop.local.broker.Brokers;
import tools.jackson.databind.JsonNode;

/**
 * Measures the desk over HTTP with 100,000 entries (or as many as the argument says) on a real
 * broker: start, memory, pages, text searches and the rate of a bulk retry; with a second argument
 * the rate alone.
 */
final class Measure {

  private static final String[] SERVICES = {
    "payment-service", "order-service", "notification-service", "analytics-service"
  };
  private static final Random RANDOM = new Random(42);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private static String base = "";
  private static String token = TestTokens.admin(new UUID(0, 1));

  private Measure() {}

  public static void main(String[] arguments) throws Exception {
    int entries = arguments.length == 0 ? 100_000 : Integer.parseInt(arguments[0]);
    try (var warmUp = start()) {
      System.out.println("topics are there: " + warmUp.isRunning());
    }
    List<String> orders = fill(entries);
    long begun = System.nanoTime();
    try (var _ = start()) {
      System.out.printf("%d entries, start to ready: %d ms%n", entries, since(begun));
      System.gc();
      var runtime = Runtime.getRuntime();
      System.out.printf(
          "heap used %d MB of %d MB%n",
          (runtime.totalMemory() - runtime.freeMemory()) >> 20, runtime.maxMemory() >> 20);
      if (arguments.length < 2) {
        pages();
        texts(orders);
      }
      bulk(Math.min(10_000, entries / 10), 500);
    }
    System.exit(0);
  }

  private static ConfigurableApplicationContext start() throws Exception {
    var context =
        new SpringApplicationBuilder(OperationsApplication.class)
            .initializers(new BrokersInitializer())
            .run("--server.port=0", "--logging.level.root=warn");
    base = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
    while (call("/actuator/health/readiness").status() != 200) {
      LockSupport.parkNanos(10_000_000);
    }
    return context;
  }

  private static List<String> fill(int entries) {
    var orders = new ArrayList<String>();
    var sample = Contracts.sample("shop.order.placed.v1").get("data").toString();
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", Brokers.kafka(), "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < entries; i++) {
        var order = new UUID(RANDOM.nextLong(), RANDOM.nextLong()).toString();
        orders.add(order);
        var at = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(i * 10L);
        var letter = letter(i, order, sample, at);
        var _ = producer.send(letter.toRecord());
        if (i % 10 == 0) {
          var _ =
              producer.send(
                  Envelope.of(
                          Action.Discarded.TYPE,
                          OperationsApplication.NAME,
                          letter.id(),
                          Instant.now())
                      .record(
                          Topics.DEAD_LETTER_ACTIONS.name(),
                          new Action.Discarded(1, new UUID(0, i % 7), "out of date")));
        }
      }
    }
    return orders;
  }

  private static DeadLetter letter(int number, String order, String sample, Instant at) {
    String service = SERVICES[number % SERVICES.length];
    var customer = new UUID(RANDOM.nextLong(), RANDOM.nextLong()).toString();
    var body =
        sample
            .replace("2f1c1c56-54f8-5ac2-8f0b-6d0b7c1f4a11", customer)
            .replace("5b8a3c1e-0c64-4a53-9d0d-1d1b1b9f6f11", UUID.randomUUID().toString())
            .replace("Ada Example", "Customer " + Integer.toString(number, 36));
    return new DeadLetter(
        service,
        number % 3 == 0 ? service : service + "-view",
        number % 5 == 0 ? "order-commands" : "payments",
        number % 12,
        Integer.toString(number),
        at,
        new Cause(
            "java.lang.IllegalStateException",
            "case " + number % 50,
            "shop.x.Y.z:" + number % 20,
            3),
        order.getBytes(UTF_8),
        body.getBytes(UTF_8),
        Envelope.of("shop.order.placed.v1", "order-service", order, at).headers());
  }

  private static void pages() throws Exception {
    var paths = new ArrayList<String>();
    for (int i = 0; i < 400; i++) {
      var query = new ArrayList<String>();
      query.add("limit=" + (RANDOM.nextBoolean() ? 50 : 200));
      add(query, "service=" + SERVICES[RANDOM.nextInt(SERVICES.length)]);
      add(query, "topic=" + (RANDOM.nextBoolean() ? "payments" : "order-commands"));
      add(query, "group=" + (RANDOM.nextBoolean() ? "payment-service" : "nobody"));
      add(query, "state=" + (RANDOM.nextBoolean() ? "FAILED" : "DISCARDED,RESOLVED"));
      add(query, "cause=CASE+" + RANDOM.nextInt(60));
      add(query, "from=2026-01-0" + (1 + RANDOM.nextInt(9)) + "T00:00:00Z");
      add(query, "to=2026-01-1" + RANDOM.nextInt(9) + "T00:00:00Z");
      paths.add("/admin/dlq?" + String.join("&", query));
    }
    // and pages deep in the list
    var cursor = "";
    for (int i = 0; i < 100; i++) {
      var path = "/admin/dlq?limit=200" + cursor;
      paths.add(path);
      cursor = "&cursor=" + call(path).body().at("/nextCursor").asString();
    }
    Collections.shuffle(paths, RANDOM);
    measured("pages", paths);
    measured("groups", Collections.nCopies(20, "/admin/dlq/groups?state=FAILED"));
    measured("audit", Collections.nCopies(20, "/admin/dlq/audit?by=" + new UUID(0, 3)));
  }

  private static void texts(List<String> orders) throws Exception {
    measured("text: an order", texts(20, i -> orders.get(i * orders.size() / 20)));
    measured("text: a name", texts(20, i -> "customer " + Integer.toString(i * 4999, 36)));
    measured("text: four hex digits", texts(20, i -> String.format("%04x", i * 3001)));
    measured("text: everywhere", texts(20, i -> "eur"));
    measured("text: nowhere", texts(20, i -> "nowhere at all " + i));
    measured("text: five letters, nowhere", texts(20, i -> "xyq" + (char) ('a' + i) + "k"));
    measured("text: three letters, nowhere", texts(20, i -> "zq" + (char) ('a' + i)));
  }

  private static List<String> texts(int count, IntFunction<String> text) {
    var paths = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      paths.add("/admin/dlq?text=" + URLEncoder.encode(text.apply(i), UTF_8));
    }
    return paths;
  }

  private static void bulk(int most, int rate) throws Exception {
    var body =
        "{\"filter\":{\"to\":\"%s\"},\"ratePerSecond\":%d}"
            .formatted(Instant.parse("2026-01-01T00:00:00Z").plusSeconds(most * 11L), rate);
    var job =
        Json.MAPPER.readTree(
            HTTP.send(
                    request("/admin/dlq/retries")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                    BodyHandlers.ofString())
                .body());
    String path = "/admin/dlq/retries/" + job.at("/id").asString();
    token = TestTokens.admin(new UUID(0, 1));
    while (call(path).body().at("/status").asString().equals("RUNNING")) {
      LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
    }
    LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
    System.out.println("bulk: " + call(path).body());
    rate(
        "decisions",
        rate,
        Log.all(Topics.DEAD_LETTER_ACTIONS).stream()
            .filter(record -> new String(record.value(), UTF_8).contains(job.at("/id").asString()))
            .map(ConsumerRecord::timestamp)
            .toList());
    var times = new ArrayList<Long>();
    for (var topic :
        List.of(
            Topics.ORDER_REDRIVE,
            Topics.PAYMENT_REDRIVE,
            Topics.NOTIFICATION_REDRIVE,
            Topics.ANALYTICS_REDRIVE)) {
      Log.all(topic).stream()
          .filter(record -> Redrive.of(record.headers()).isPresent())
          .map(ConsumerRecord::timestamp)
          .forEach(times::add);
    }
    rate("redrives", rate, times);
  }

  private static void rate(String what, int rate, List<Long> unsorted) {
    var times = unsorted.stream().sorted().toList();
    double seconds = (times.getLast() - times.getFirst()) / 1000.0;
    System.out.printf(
        "bulk: %d %s in %.2f s, %.1f a second where %d were asked for%n",
        times.size(), what, seconds, (times.size() - 1) / seconds, rate);
  }

  private static void add(List<String> query, String parameter) {
    if (RANDOM.nextBoolean()) {
      query.add(parameter);
    }
  }

  private static void measured(String what, List<String> paths) throws Exception {
    for (var path : paths.subList(0, Math.min(10, paths.size()))) {
      call(path);
    }
    token = TestTokens.admin(new UUID(0, 1));
    var times = new long[paths.size()];
    long cpu = PROCESS.getProcessCpuTime();
    int found = 0;
    String slowest = "";
    long most = 0;
    for (int i = 0; i < times.length; i++) {
      long begun = System.nanoTime();
      var answer = call(paths.get(i));
      times[i] = since(begun);
      if (answer.status() != 200) {
        throw new IllegalStateException(paths.get(i) + ": " + answer);
      }
      found += answer.body().at("/items").size();
      if (times[i] >= most) {
        most = times[i];
        slowest = paths.get(i);
      }
    }
    Arrays.sort(times);
    System.out.printf(
        "%s: %.1f ms of CPU, p50 %d, p99 %d, max %d ms; %d items; slowest %s%n",
        what,
        (PROCESS.getProcessCpuTime() - cpu) / 1e6 / times.length,
        times[times.length / 2],
        times[times.length * 99 / 100],
        times[times.length - 1],
        found,
        slowest);
  }

  private record Answer(int status, JsonNode body) {}

  private static Answer call(String path) throws Exception {
    var answer = HTTP.send(request(path).build(), BodyHandlers.ofString());
    return new Answer(answer.statusCode(), Json.MAPPER.readTree(answer.body()));
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", "Bearer " + token);
  }

  private static long since(long begun) {
    return (System.nanoTime() - begun) / 1_000_000;
  }
}
