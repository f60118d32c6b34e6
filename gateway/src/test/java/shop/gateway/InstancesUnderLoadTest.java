package shop.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.gateway.Gateway.bearer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shop.common.testkit.TempFolders;
import shop.gateway.ConstantLoad.Failure;
import shop.gateway.ConstantLoad.Kind;
import shop.local.os.OsProcess;
import shop.local.os.Ports;
import shop.local.os.ProcessFiles;
import tools.jackson.databind.JsonNode;

/** Three instances in processes of their own, to which something happens under constant load. */
@Tag("slow")
class InstancesUnderLoadTest {

  private static final int CLIENTS = 6;
  private static final int SOME = 100;
  private static final Path FOLDER = TempFolders.create("instances");
  private static final List<RunningInstance> INSTANCES =
      IntStream.range(0, 3).mapToObj(_ -> new RunningInstance(Ports.freeBlock(1))).toList();
  private static final RunningInstance FIRST = INSTANCES.getFirst();

  private static Gateway gateway;
  private static JsonNode tokens;

  private ConstantLoad load;

  @BeforeAll
  static void start() {
    INSTANCES.forEach(instance -> instance.start(20));
    String service = "shop.gateway.services.order-service.";
    gateway =
        Gateway.start(
            "ORDER_SERVICE_URLS="
                + String.join(",", INSTANCES.stream().map(RunningInstance::url).toList()),
            "HEALTH_CHECK_INTERVAL=200ms",
            "HEALTH_CHECK_TIMEOUT=1s",
            "RESPONSE_TIMEOUT=3s",
            service + "ejection.base=1s",
            service + "ejection.max=2s",
            service + "slow-start=2s");
    tokens = gateway.login(Gateway.ADMIN);
  }

  @AfterAll
  static void stop() {
    INSTANCES.forEach(RunningInstance::kill);
  }

  @BeforeEach
  void loadAllInstances() {
    load = new ConstantLoad(gateway, bearer(tokens), CLIENTS);
    awaitRequestsAtAll();
  }

  @AfterEach
  void everyInstanceGetsRequestsAgainAndNothingStaysInFlight() {
    FIRST.heal();
    try {
      awaitState("healthy");
      awaitRequestsAtAll();
    } finally {
      load.close();
    }
    await()
        .atMost(30, SECONDS)
        .untilAsserted(() ->
            assertThat(INSTANCES)
                .extracting(instance -> status(instance).get("inFlight").asInt())
                .containsOnly(0));
  }

  @Test
  void gracefulStopFailsNoRequest() {
    FIRST.process.stop(Duration.ofSeconds(30));

    awaitRequests();
    assertThat(load.failures()).isEmpty();
  }

  @Test
  void drainFailsNoRequest() {
    String drain = "/admin/gateway/instances/" + FIRST.id() + "/drain";
    var response = gateway.post(drain, "{\"deadline\":\"PT10M\"}", bearer(tokens));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    try {
      await().atMost(30, SECONDS).until(() -> status(FIRST).get("inFlight").asInt() == 0);
      int before = load.answersOf(FIRST.port);

      awaitRequests();

      assertThat(load.answersOf(FIRST.port)).isEqualTo(before);
      assertThat(load.failures()).isEmpty();
    } finally {
      assertThat(gateway.delete(drain, bearer(tokens)).statusCode()).isEqualTo(204);
    }
  }

  @Test
  void killFailsOnlyRequestsInFlightThatMustNotBeRepeated() {
    FIRST.kill();

    awaitState("silent");
    awaitRequests();
    assertThat(load.failures())
        .hasSizeLessThanOrEqualTo(CLIENTS)
        .allSatisfy(failure -> {
          assertThat(failure.kind()).isEqualTo(Kind.PLAIN_POST);
          assertThat(failure.status()).isEqualTo(502);
        });
  }

  @Test
  void frozenInstanceIsTakenOutAndNothingFailsAfterIt() {
    FIRST.process.freeze();

    awaitState("silent");
    await().atMost(30, SECONDS).until(() -> status(FIRST).get("inFlight").asInt() == 0);
    var whileItWasIn = load.failures();
    awaitRequests();
    assertThat(whileItWasIn).extracting(Failure::status).containsOnly(504);
    assertThat(load.failures()).hasSameSizeAs(whileItWasIn);
  }

  @Test
  void slowInstanceGetsFewerRequestsAndFailsNone() {
    FIRST.process.stop(Duration.ofSeconds(30));
    FIRST.start(200);
    awaitState("healthy");
    awaitRequests();
    var before = INSTANCES.stream().map(instance -> load.answersOf(instance.port)).toList();

    awaitRequests();
    awaitRequests();

    var after = INSTANCES.stream().map(instance -> load.answersOf(instance.port)).toList();
    int slow = after.get(0) - before.get(0);
    assertThat(after.get(1) - before.get(1)).isGreaterThan(slow);
    assertThat(after.get(2) - before.get(2)).isGreaterThan(slow);
    assertThat(load.failures()).isEmpty();
    FIRST.process.stop(Duration.ofSeconds(30));
  }

  private void awaitRequests() {
    int before = load.finished();
    await().atMost(60, SECONDS).until(() -> load.finished() > before + SOME);
  }

  private void awaitRequestsAtAll() {
    var before = INSTANCES.stream().map(instance -> load.answersOf(instance.port)).toList();
    await()
        .atMost(60, SECONDS)
        .until(() ->
            IntStream.range(0, INSTANCES.size())
                .allMatch(
                    number -> load.answersOf(INSTANCES.get(number).port) > before.get(number)));
  }

  private static void awaitState(String state) {
    await()
        .atMost(60, SECONDS)
        .untilAsserted(() -> assertThat(status(FIRST).get("state").asString()).isEqualTo(state));
  }

  private static JsonNode status(RunningInstance instance) {
    var status = Gateway.json(gateway.get("/admin/gateway/status", bearer(tokens)));
    return StreamSupport.stream(status.get("services").spliterator(), false)
        .filter(service -> service.get("name").asString().equals("order-service"))
        .flatMap(service -> StreamSupport.stream(service.get("instances").spliterator(), false))
        .filter(found -> found.get("url").asString().equals(instance.url()))
        .findFirst()
        .orElseThrow();
  }

  /** An {@link InstanceProcess}, which keeps its port when it is started again. */
  private static final class RunningInstance {
    private static final String JAVA =
        Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final int port;
    private OsProcess process;

    RunningInstance(int port) {
      this.port = port;
    }

    String url() {
      return "http://127.0.0.1:" + port;
    }

    String id() {
      return "order-service@127.0.0.1:" + port;
    }

    void start(int serviceTimeMs) {
      var classes = InstanceProcess.class.getProtectionDomain().getCodeSource().getLocation();
      process =
          OsProcess.start(
              ProcessFiles.in(FOLDER, "instance-" + port),
              FOLDER,
              Map.of(),
              List.of(
                  JAVA,
                  "-Xmx64m",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Dsun.net.httpserver.nodelay=true",
                  "-cp",
                  Path.of(classes.getPath()).toString(),
                  InstanceProcess.class.getName(),
                  Integer.toString(port),
                  Integer.toString(serviceTimeMs)));
    }

    void kill() {
      process.kill();
    }

    /** Thaws it, or starts it again if it has ended. */
    void heal() {
      if (process.alive()) {
        process.thaw();
      } else {
        start(20);
      }
    }
  }
}
