package shop.gateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.gateway.discovery.ApiServer.slice;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.Disposable;
import shop.balancing.Instance;

/** Instances that EndpointSlices list. */
@ExtendWith(OutputCaptureExtension.class)
class EndpointSlicesTest {

  private static final Duration DRAIN_TIME = Duration.ofSeconds(5);

  private final ApiServer server = new ApiServer();
  private final KubernetesSettings settings = settings(Duration.ofSeconds(5));
  private final KubernetesClient client = new KubernetesClient(settings);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private volatile List<Instance> instances = List.of();
  private Disposable following;

  private KubernetesSettings settings(Duration timeout) {
    return new KubernetesSettings(
        server.url(),
        server.credentials(),
        List.of(KubernetesSettings.AddressType.IPV4, KubernetesSettings.AddressType.IPV6),
        timeout,
        Duration.ofMinutes(1),
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        DRAIN_TIME);
  }

  @BeforeEach
  void follow() {
    server.put(
        slice("orders-1", "orders", 8080).addNewEndpoint().withAddresses("10.0.0.1").endEndpoint());
    following =
        new EndpointSlices(
                SliceUrl.parse("orders", "k8s+http://orders:http"),
                settings,
                client,
                new Random(1),
                meters)
            .instances()
            .subscribe(it -> instances = it);
    awaitIds("orders@10.0.0.1:8080");
    awaitWatch();
  }

  @AfterEach
  void stop() {
    following.dispose();
    client.destroy();
    server.close();
  }

  @Test
  void slicesAreMergedAndChangesWatched() {
    long lists = server.lists();

    server.put(
        slice("orders-2", "orders", 9090).addNewEndpoint().withAddresses("10.0.0.2").endEndpoint());
    awaitIds("orders@10.0.0.1:8080", "orders@10.0.0.2:9090");
    server.put(
        slice("other", "payments", 80).addNewEndpoint().withAddresses("10.0.0.9").endEndpoint());
    server.put(
        slice("orders-2", "orders", 9090).addNewEndpoint().withAddresses("10.0.0.3").endEndpoint());
    awaitIds("orders@10.0.0.1:8080", "orders@10.0.0.3:9090");
    server.delete("orders-1");
    awaitIds("orders@10.0.0.3:9090");
    server.delete("orders-2");
    awaitIds();

    assertThat(server.lists()).isEqualTo(lists);
  }

  @Test
  void conditionsDecideWhoGetsRequests() {
    server.put(
        slice("orders-1", "orders", 80)
            .addNewEndpoint()
            .withAddresses("10.0.0.1")
            .withZone("eu-1")
            .endEndpoint()
            .addNewEndpoint()
            .withAddresses("10.0.0.2")
            .withNewConditions(true, true, false)
            .endEndpoint()
            .addNewEndpoint()
            .withAddresses("10.0.0.3")
            .withNewConditions(false, false, false)
            .endEndpoint()
            .addNewEndpoint()
            .withAddresses("10.0.0.4")
            .withNewConditions(false, true, true)
            .endEndpoint()
            .addNewEndpoint()
            .withAddresses("10.0.0.5")
            .withNewConditions(false, false, true)
            .endEndpoint()
            // A Service that publishes unready addresses.
            .addNewEndpoint()
            .withAddresses("10.0.0.6")
            .withNewConditions(true, true, true)
            .endEndpoint());

    awaitIds(
        "orders@10.0.0.1:80", "orders@10.0.0.2:80", "orders@10.0.0.4:80", "orders@10.0.0.6:80");
    assertThat(instances)
        .extracting(Instance::drainTime)
        .containsExactly(null, null, DRAIN_TIME, DRAIN_TIME);
    assertThat(instances.getFirst().locality().zone()).isEqualTo("eu-1");
    assertThat(instances.getFirst().weight()).isEqualTo(1);
  }

  @Test
  void anEndpointInTwoSlicesIsOneInstanceAndReadyIfOneSaysSo() {
    server.put(
        slice("orders-2", "orders", 8080).addNewEndpoint().withAddresses("10.0.0.2").endEndpoint());
    server.put(
        slice("orders-1", "orders", 8080)
            .addNewEndpoint()
            .withAddresses("10.0.0.2")
            .withNewConditions(false, true, true)
            .endEndpoint());

    awaitIds("orders@10.0.0.2:8080");
    assertThat(instances.getFirst().isTerminating()).isFalse();
    server.delete("orders-2");
    await().untilAsserted(() -> assertThat(instances.getFirst().isTerminating()).isTrue());
  }

  @Test
  void aPodWithAddressesOfTwoTypesIsOneInstance() {
    server.put(withPod(slice("orders-1", "orders", 80), "10.0.0.1", "pod-1"));
    server.put(
        withPod(
            withPod(slice("orders-6", "orders", 80).withAddressType("IPv6"), "fd00::1", "pod-1"),
            "fd00::2",
            "pod-2"));
    server.put(
        slice("orders-n", "orders", 80)
            .withAddressType("FQDN")
            .addNewEndpoint()
            .withAddresses("pod.test")
            .endEndpoint());

    awaitIds("orders@10.0.0.1:80", "orders@[fd00::2]:80");
  }

  private static EndpointSliceBuilder withPod(
      EndpointSliceBuilder slice, String address, String uid) {
    return slice
        .addNewEndpoint()
        .withAddresses(address)
        .withNewTargetRef()
        .withKind("Pod")
        .withUid(uid)
        .endTargetRef()
        .endEndpoint();
  }

  @Test
  void thePortIsChosenByItsName(CapturedOutput output) {
    server.put(
        slice("orders-1", "orders", 8080)
            .addNewPort()
            .withName("management")
            .withPort(9080)
            .endPort()
            .addNewEndpoint()
            .withAddresses("10.0.0.1")
            .endEndpoint());
    server.put(
        slice("orders-2", "orders", 1)
            .withPorts()
            .addNewPort()
            .withName("web")
            .withPort(7070)
            .endPort()
            .addNewEndpoint()
            .withAddresses("10.0.0.2")
            .endEndpoint());
    server.put(
        slice("orders-3", "orders", 8083).addNewEndpoint().withAddresses("10.0.0.3").endEndpoint());

    awaitIds("orders@10.0.0.1:8080", "orders@10.0.0.3:8083");
    assertThat(output)
        .containsOnlyOnce("EndpointSlice orders-2 of orders has no TCP port of the name http");
  }

  @Test
  void longListIsReadInParts() {
    IntStream.rangeClosed(1, 9)
        .forEach(n ->
            server.put(
                slice("more-" + n, "orders", 80)
                    .addNewEndpoint()
                    .withAddresses("10.0.1." + n)
                    .endEndpoint()));
    server.compact();
    server.breakOff("orders");

    await()
        .untilAsserted(
            () -> assertThat(server.requests()).anyMatch(query -> query.contains("continue=8")));
    awaitWatch();
    assertThat(instances).hasSize(10);
  }

  @Test
  void watchThatTheServerEndsGoesOnFromTheLastVersion() {
    server.bookmark("orders");
    long lists = server.lists();

    server.end("orders");
    awaitWatch();
    server.put(
        slice("orders-2", "orders", 80).addNewEndpoint().withAddresses("10.0.0.2").endEndpoint());

    awaitIds("orders@10.0.0.1:8080", "orders@10.0.0.2:80");
    assertThat(server.lists()).isEqualTo(lists);
    assertThat(server.requests().getLast())
        .contains("resourceVersion=102", "allowWatchBookmarks=true");
  }

  @Test
  void goneVersionIsListedAgain() {
    long lists = server.lists();
    server.compact();

    server.end("orders");

    await().until(() -> server.lists() > lists);
    server.put(
        slice("orders-1", "orders", 80).addNewEndpoint().withAddresses("10.0.0.2").endEndpoint());
    awaitIds("orders@10.0.0.2:80");
    assertThat(count("failed")).isZero();
  }

  @Test
  void halfALineIsNoEvent() {
    server.send("orders", "{\"type\":\"DELETED\",\"object\":{\"metadata\":{\"name\":\"orders-1\",");
    server.put(slice("other", "payments", 80));
    server.breakOff("orders");

    awaitWatch();
    awaitIds("orders@10.0.0.1:8080");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not JSON\n",
        "{}\n",
        "{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{}}}\n",
        "{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"name\":\"orders-1\",\"resourceVersion\":\"1\"},\"addressType\":\"IPv4\",\"ports\":[{\"name\":\"http\",\"port\":80}],\"endpoints\":[{\"addresses\":[\"here\"]}]}}\n",
        "{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"name\":\"orders-1\",\"resourceVersion\":\"1\"},\"endpoints\":[null]}}\n",
        "{\"type\":\"ERROR\",\"object\":{\"code\":500,\"message\":\"etcd\"}}\n"
      })
  void malformedEventKeepsTheInstancesAndListsAgain(String line) {
    long lists = server.lists();

    server.send("orders", line);

    await().until(() -> server.lists() > lists);
    awaitWatch();
    awaitIds("orders@10.0.0.1:8080");
    assertThat(count("interrupted")).isEqualTo(1);
    assertThat(count("failed")).isZero();
  }

  @Test
  void lineWithoutEndIsRefused(CapturedOutput output) {
    var chunk = "x".repeat(1 << 20);
    server.send("orders", chunk);
    server.send("orders", chunk);
    server.send("orders", chunk);

    await().untilAsserted(() -> assertThat(output).contains("more than 2097152 bytes"));
    awaitIds("orders@10.0.0.1:8080");
  }

  @Test
  void fieldsAndEventsOfLaterVersionsAreIgnored() {
    server.send(
        "orders",
        "{\"type\":\"NEWS\",\"object\":{\"metadata\":{\"resourceVersion\":\"7\"}}}\n"
            + "{\"type\":\"ADDED\",\"x\":1,\"object\":{\"metadata\":{\"name\":\"n\",\"resourceVersion\":\"8\",\"x\":{}},\"addressType\":\"IPv4\",\"x\":[],"
            + "\"ports\":[{\"name\":\"http\",\"port\":80,\"x\":1}],\"endpoints\":[{\"addresses\":[\"10.0.0.8\"],\"hints\":{},\"conditions\":{\"x\":true}}]}}\n");

    awaitIds("orders@10.0.0.1:8080", "orders@10.0.0.8:80");
  }

  @Test
  void serverThatIsGoneKeepsTheInstancesUntilItIsBack(CapturedOutput output) {
    server.stop();
    await().until(() -> count("failed") > 3);

    awaitIds("orders@10.0.0.1:8080");
    assertThat(output)
        .containsOnlyOnce("Endpoints of orders cannot be watched; keeping its 1 instances");

    server.put(
        slice("orders-1", "orders", 80).addNewEndpoint().withAddresses("10.0.0.2").endEndpoint());
    server.restart();
    awaitIds("orders@10.0.0.2:80");
    await()
        .untilAsserted(
            () -> assertThat(output).containsOnlyOnce("Endpoints of orders are watched again"));
  }

  @Test
  void missingRightIsNamed(CapturedOutput output) {
    server.fail(403);
    server.breakOff("orders");

    await()
        .untilAsserted(() ->
            assertThat(output)
                .containsOnlyOnce("responds with 403 as told; bind the Role endpointslice-reader"));
    awaitIds("orders@10.0.0.1:8080");
    server.fail(0);
    awaitWatch();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 429, 500, 503})
  void failingServerKeepsTheInstances(int status) {
    server.fail(status);
    server.breakOff("orders");

    await().until(() -> count("failed") > 2);
    awaitIds("orders@10.0.0.1:8080");
    server.fail(0);
    awaitWatch();
  }

  @Test
  void malformedListKeepsTheInstances() {
    server.list("{\"items\":[{}]}");
    server.breakOff("orders");

    await().until(() -> count("failed") > 2);
    awaitIds("orders@10.0.0.1:8080");
  }

  @Test
  void tokenIsReadAgain() throws IOException {
    server.token("token-2");

    server.end("orders");
    awaitWatch();
    server.put(
        slice("orders-1", "orders", 80).addNewEndpoint().withAddresses("10.0.0.2").endEndpoint());

    awaitIds("orders@10.0.0.2:80");
    assertThat(count("failed")).isZero();
  }

  @Test
  void serverWithAnIpv6AddressNeedsNoBrackets() {
    var inCluster =
        new KubernetesSettings(
            "https://fd00:10:96::1:443",
            settings.credentials(),
            settings.addressTypes(),
            settings.timeout(),
            settings.watchTime(),
            settings.backoff(),
            settings.maxBackoff(),
            settings.drainTime());

    assertThat(inCluster.server()).isEqualTo("https://[fd00:10:96::1]:443");
  }

  private double count(String result) {
    return meters
        .counter("gateway.discovery.lookups", "service", "orders", "result", result)
        .count();
  }

  private void awaitWatch() {
    // The server does not notice that a client is gone.
    await().until(() -> server.watches("orders") > 0);
  }

  private void awaitIds(String... ids) {
    await()
        .untilAsserted(() -> assertThat(instances).extracting(Instance::id).containsExactly(ids));
  }
}
