package shop.bench.age;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import shop.bench.age.OrderLifecycle.Outcome;
import shop.local.os.Repository;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The generated history has the form of the contracts, and the order of a real log. */
class HistoryTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Instant END = Instant.parse("2026-11-01T12:00:00Z");
  private static final Product MUG = new Product("MUG-WHITE", "White mug", 1290);
  private static final UUID CUSTOMER = new UUID(0x4000, Long.MIN_VALUE);

  @ParameterizedTest
  @EnumSource(Outcome.class)
  void everyEventHasTheFieldsOfItsContract(Outcome outcome) throws IOException {
    for (var step : order(outcome).steps()) {
      for (var event : step.events()) {
        var data = JSON.valueToTree(event.data());
        assertThat(names(data)).as(event.type()).containsAll(required(event.type()));
        assertThat(names(sample(event.type()))).as(event.type()).containsAll(names(data));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Outcome.class)
  void theEventsOfAnOrderAreNumberedWithoutGaps(Outcome outcome) {
    var numbers =
        order(outcome).steps().stream()
            .flatMap(step -> step.events().stream())
            .filter(event -> event.topic().equals("orders"))
            .map(LoggedEvent::sequence)
            .toList();

    assertThat(numbers.getFirst()).isEqualTo(1);
    assertThat(numbers).isSorted().doesNotHaveDuplicates();
    assertThat(numbers.getLast()).isEqualTo(numbers.size());
  }

  @Test
  void theLogIsInTheOrderOfTimeAndEndsAtTheEnd() {
    var log = new Log();
    history(2_000).writeTo(log);

    assertThat(log.times).isSorted();
    assertThat(log.times.getLast()).isBeforeOrEqualTo(END);
    assertThat(log.steps).hasSize(2_000);
    assertThat(log.ends).isEqualTo(log.steps);
  }

  @Test
  void youngAndOldPlatformsHaveAsManyRecentOrders() {
    var since = END.minus(Duration.ofDays(2));
    var young = history(2_000);
    var old = history(20_000);

    assertThat(old.orders() - old.firstSince(since))
        .isEqualTo(young.orders() - young.firstSince(since))
        .isEqualTo(133);
    assertThat(old.placed(0)).isEqualTo(END.minus(Duration.ofDays(300)));
  }

  private static final class Log implements History.Sink {
    final List<Instant> times = new ArrayList<>();
    final Map<UUID, Integer> steps = new HashMap<>();
    final Map<UUID, Integer> ends = new HashMap<>();

    @Override
    public void append(OrderLifecycle order, Step step) {
      times.add(steps.containsKey(order.id()) ? step.at() : order.placedAt());
      steps.merge(order.id(), 1, Integer::sum);
    }

    @Override
    public void end(OrderLifecycle order, int taken) {
      ends.put(order.id(), taken);
    }
  }

  private static History history(int orders) {
    return new History(
        orders, Duration.ofDays(30).dividedBy(2_000), END, List.of(CUSTOMER), List.of(MUG));
  }

  private static OrderLifecycle order(Outcome outcome) {
    return new OrderLifecycle(new SplittableRandom(7), CUSTOMER, MUG, END, outcome);
  }

  private static JsonNode sample(String type) throws IOException {
    return contract(type + ".sample.json").get("data");
  }

  private static List<String> required(String type) throws IOException {
    return contract(type + ".schema.json")
        .get("required")
        .valueStream()
        .map(JsonNode::asString)
        .toList();
  }

  private static JsonNode contract(String file) throws IOException {
    var folder = Repository.root().resolve("common/src/main/resources/contracts");
    return JSON.readTree(Files.readString(folder.resolve(file)));
  }

  /** The names of all fields, with their paths. */
  private static Set<String> names(JsonNode node) {
    var names = new TreeSet<String>();
    addNames("", node, names);
    return names;
  }

  private static void addNames(String path, JsonNode node, Set<String> names) {
    node.propertyStream()
        .forEach(field -> {
          names.add(path + field.getKey());
          addNames(path + field.getKey() + ".", field.getValue(), names);
        });
    node.valueStream()
        .filter(JsonNode::isContainer)
        .filter(_ -> node.isArray())
        .forEach(element -> addNames(path + "[].", element, names));
  }
}
