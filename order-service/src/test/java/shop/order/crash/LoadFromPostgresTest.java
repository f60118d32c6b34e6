package shop.order.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import shop.common.deadletter.DeadLetter;
import shop.common.kafka.Topics;
import shop.order.ConsumerGroups;
import shop.order.TestOrders;
import shop.order.archive.ArchiveDatabase;
import shop.order.redis.ScriptDigests;

/** An empty Redis is loaded from PostgreSQL, whatever fails meanwhile. */
@Tag("slow")
@ResourceLock("cluster")
class LoadFromPostgresTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private final TestCluster cluster = TestCluster.shared();
  private final TestOrders customer = new TestOrders(cluster.one.port());
  private final TestOrders admin = TestOrders.admin(cluster.two.port());
  private final String sku =
      "LOADED-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
  private final JdbcClient jdbc =
      JdbcClient.create(
          new DriverManagerDataSource(
              cluster.database().url(), cluster.database().user(), cluster.database().password()));
  private RedisContents contents;
  private String placed;
  private String delivered;

  @BeforeEach
  void someOrders() {
    contents = new RedisContents(cluster.redis);
    awaitOpen();
    cluster.log.product(sku, 100);
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(left()).isEqualTo(100));
    placed = customer.placed(sku, 1);
    delivered = customer.placed(sku, 2);
    cluster.log.captured(delivered);
    awaitStatus(delivered, "CONFIRMED");
    String shipment = "{\"carrier\":\"Post\",\"trackingNumber\":\"X1\"}";
    assertThat(post("shipments", shipment)).isEqualTo(201);
    assertThat(post("deliveries", "{}")).isEqualTo(201);
    awaitStatus(delivered, "DELIVERED");
    awaitVersion(placed, 1);
    awaitVersion(delivered, 4);
  }

  @AfterEach
  void close() {
    contents.close();
  }

  @Test
  void anEmptyRedisIsNotOpenedWhilePostgresIsAway() {
    var before = restored();
    cluster.postgres.kill();
    contents.redis().flushall();

    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(phase()).isEqualTo("DATABASE_AWAY"));
    assertThat(customer.place(UUID.randomUUID().toString(), TestOrders.body(sku, 1)))
        .satisfies(refused -> assertThat(refused.statusCode()).isEqualTo(503))
        .satisfies(refused -> assertThat(refused.headers().firstValue("Retry-After")).isPresent());
    assertThat(contents.redis().exists("positions")).isZero();

    cluster.postgres.start();
    awaitOpen();
    assertThat(restored()).isEqualTo(before);
  }

  @Test
  void postgresIsFilledFromTheLogFirstIfBothAreEmpty() {
    var before = restored();
    ArchiveDatabase.empty(jdbc);
    contents.redis().flushall();

    awaitOpen();
    assertThat(restored()).isEqualTo(before);
    assertThat(archivedVersion(delivered)).isEqualTo(4);
  }

  @Test
  void anOrderThatHasAgedStaysInPostgresAlone() {
    var before = restored();
    var ofOthers = RestoredContents.of(contents.everything(), id -> !id.equals(delivered));
    age(Duration.ofDays(3));
    try {
      contents.redis().flushall();

      awaitOpen();
      assertThat(restored()).isEqualTo(ofOthers);
      assertThat(archivedVersion(delivered)).isEqualTo(4);
    } finally {
      age(Duration.ofDays(-3));
    }
    contents.redis().flushall();
    awaitOpen();
    assertThat(restored()).isEqualTo(before);
  }

  /** Changes when the delivered order was placed, in PostgreSQL alone. */
  private void age(Duration by) {
    jdbc.sql("UPDATE orders SET created_at = created_at - ?::interval WHERE id = ?::uuid")
        .params(by.toString(), delivered)
        .update();
  }

  @Test
  void aLoadThatBreaksOffWithItsInstanceIsBegunAnewByAnother() throws Exception {
    var before = restored();
    try (var proxy = new TcpProxy(cluster.redis.endpoint().port())) {
      var victim = cluster.instance(proxy.port());
      victim.start();
      cluster.one.freeze();
      cluster.two.freeze();
      try {
        var loaded = proxy.blockCommand(ScriptDigests.of("END_LOAD"));
        contents.redis().flushall();
        loaded.await();
      } finally {
        victim.kill();
        cluster.one.thaw();
        cluster.two.thaw();
      }
      assertThat(contents.redis().exists("positions")).isZero();
    } catch (IOException e) {
      throw new AssertionError(e);
    }

    awaitOpen();
    assertThat(restored()).isEqualTo(before);
  }

  @Test
  void aRedisThatIsFullIsLoadedWhenItHasMemory() {
    var before = restored();
    contents.redis().configSet("maxmemory", "1kb");
    try {
      contents.redis().flushall();
      await().atMost(TIMEOUT).untilAsserted(() -> assertThat(phase()).isEqualTo("FULL"));
    } finally {
      contents.redis().configSet("maxmemory", "0");
    }

    awaitOpen();
    assertThat(restored()).isEqualTo(before);
  }

  /** PostgreSQL passes by what it cannot read, and a loaded Redis begins where PostgreSQL is. */
  @Test
  void aMalformedRecordThatPostgresHasPassedByBecomesADeadLetter() {
    byte[] malformed = ("not an event " + UUID.randomUUID()).getBytes(UTF_8);
    long applied = applied();
    cluster.redis.kill();
    try {
      cluster.log.malformedEvent(malformed);
      await().atMost(TIMEOUT).until(() -> applied() > applied);
      cluster.one.freeze();
      cluster.two.freeze();
    } finally {
      cluster.redis.start();
    }
    contents.close();
    contents = new RedisContents(cluster.redis);
    contents.redis().flushall();
    cluster.one.thaw();
    cluster.two.thaw();

    awaitOpen();
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(groupsThatGaveUp(malformed)).contains(ConsumerGroups.ORDER_VIEW));
  }

  private List<String> groupsThatGaveUp(byte[] value) {
    return cluster.log.read(Topics.DEAD_LETTERS).stream()
        .map(record -> DeadLetter.read(record.headers(), record.value()))
        .filter(letter -> Arrays.equals(letter.value(), value))
        .map(DeadLetter::group)
        .toList();
  }

  /** How many offsets of the events PostgreSQL has. */
  private long applied() {
    return jdbc.sql("SELECT sum(next) FROM positions WHERE topic = 'orders'")
        .query(Long.class)
        .single();
  }

  private long archivedVersion(String id) {
    return jdbc.sql("SELECT version FROM orders WHERE id = ?::uuid")
        .param(id)
        .query(Long.class)
        .single();
  }

  private Map<String, String> restored() {
    return RestoredContents.of(contents.everything());
  }

  private int post(String resource, String body) {
    String key = UUID.randomUUID().toString();
    return admin.post("/orders/" + delivered + "/" + resource, key, body).statusCode();
  }

  private void awaitStatus(String id, String status) {
    await()
        .atMost(TIMEOUT)
        .until(() -> customer.order(id).path("status").asString("").equals(status));
  }

  private void awaitVersion(String id, int version) {
    await().atMost(TIMEOUT).until(() -> customer.order(id).path("version").asInt() == version);
  }

  private void awaitOpen() {
    for (var instance : List.of(cluster.one, cluster.two)) {
      await()
          .atMost(TIMEOUT)
          .until(() -> customer.at(instance.port()).get("/orders").statusCode() == 200);
    }
  }

  private String phase() {
    return TestOrders.json(admin.get("/admin/orders/projection")).get("phase").asString();
  }

  private long left() {
    return TestOrders.json(customer.get("/products/" + sku)).path("left").asLong(-1);
  }
}
