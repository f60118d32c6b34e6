package shop.gateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shop.balancing.Instance;
import shop.gateway.discovery.DnsAnswer.ServiceRecord;

/** What is known of a name's instances by its last answers. */
class LastAnswersTest {

  private static final long HOLD = 30;
  private static final Instance A = instance("a");
  private static final Instance B = instance("b");

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 10);
  private final LastAnswers answers = new LastAnswers("orders", 2, HOLD, clock::get);

  @Test
  void failedLookUpKeepsItsLastAnswerHoweverOld() {
    answers.answered(0, List.of(A));
    answers.answered(1, List.of(B));

    answers.failed(1, new IllegalStateException("SERVFAIL"));
    clock.addAndGet(100 * HOLD);
    answers.answered(0, List.of(A));

    assertThat(answers.instances()).containsExactly(A, B);
  }

  @Test
  void instancesThatAnAnswerDoesNotListAreGoneAtOnce() {
    answers.answered(0, List.of(A, B));

    answers.answered(0, List.of(B));

    assertThat(answers.instances()).containsExactly(B);
  }

  @Test
  void emptyAnswerIsBelievedAfterTheHoldTime() {
    answers.answered(0, List.of(A));

    answers.answered(0, List.of());
    clock.addAndGet(HOLD - 1);
    answers.answered(0, List.of());
    assertThat(answers.instances()).containsExactly(A);

    clock.addAndGet(1);
    answers.answered(0, List.of());
    assertThat(answers.instances()).isEmpty();
  }

  @Test
  void holdTimeBeginsAnewAfterAnAnswerWithRecords() {
    answers.answered(0, List.of(A));
    answers.answered(0, List.of());
    clock.addAndGet(HOLD);
    answers.answered(0, List.of(B));

    answers.answered(0, List.of());

    assertThat(answers.instances()).containsExactly(B);
  }

  @Test
  void nameMovesFromOneTypeOfAddressToTheOther() {
    answers.answered(0, List.of(A));

    answers.answered(1, List.of(B));
    answers.answered(0, List.of());

    assertThat(answers.instances()).containsExactly(B);
  }

  @Test
  void instancesOfAServiceAreBounded() {
    var many = IntStream.range(0, 1_200).mapToObj(n -> instance("i" + n)).toList();
    var source =
        new CombinedInstances(
            "orders", List.of(new ConfiguredInstances(many), new ConfiguredInstances(many)));

    assertThat(source.instances().blockLast()).isEqualTo(many.subList(0, 1_000));
  }

  @Test
  void weightsOfServiceRecordsKeepTheirRatio() {
    assertThat(weights(3, 1)).containsExactly(3, 1);
    assertThat(weights(0, 0)).containsExactly(1, 1);
    assertThat(weights(65_535, 32_768)).containsExactly(1000, 500);
    assertThat(weights(10, 0)).containsExactly(1000, 1);
  }

  private static int[] weights(int... weights) {
    return DnsLookUps.weights(
        IntStream.of(weights).mapToObj(it -> new ServiceRecord(0, it, 80, "a.")).toList());
  }

  private static Instance instance(String name) {
    return Instance.of("orders@" + name + ":80", URI.create("http://" + name + ":80"));
  }
}
