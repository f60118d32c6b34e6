package shop.balancing;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Endpoints a, b, c… for small lists and i0000, i0001… for larger ones. */
final class TestEndpoints {
  private TestEndpoints() {}

  static Candidates candidates(double... weights) {
    return new Candidates(
        IntStream.range(0, weights.length)
            .mapToObj(i ->
                endpoint(
                    weights.length > 26 ? "i%04d".formatted(i) : "" + (char) ('a' + i), weights[i]))
            .toList());
  }

  static Candidates equal(int count) {
    return candidates(IntStream.range(0, count).mapToDouble(i -> 1).toArray());
  }

  /** An endpoint that is not in slow start, if its weight is a whole number. */
  static Endpoint endpoint(String id, double weight) {
    int own = (int) Math.clamp(Math.ceil(weight), 1, Instance.MAX_WEIGHT);
    return new Endpoint(instance(id, own), new Load(), weight);
  }

  static Instance instance(String id, int weight) {
    return new Instance(id, URI.create("http://10.0.0.1:8080"), weight, Locality.UNKNOWN, 0);
  }

  static Candidates without(Candidates candidates, String id) {
    return new Candidates(
        candidates.endpoints().stream().filter(e -> !e.instance().id().equals(id)).toList());
  }

  static Candidates shuffled(Candidates candidates, long seed) {
    List<Endpoint> endpoints = new ArrayList<>(candidates.endpoints());
    Collections.shuffle(endpoints, random(seed));
    return new Candidates(endpoints);
  }

  static Random random(long seed) {
    return new Random(seed);
  }

  static Call call() {
    return new Call(0);
  }

  static Call excluding(Endpoint... tried) {
    Call call = call();
    for (Endpoint endpoint : tried) {
      call.exclude(endpoint.instance());
    }
    return call;
  }

  /** The ids of so many picks in a row, of calls that do not count as in flight. */
  static String picks(Balancer balancer, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> balancer.pick(call()).instance().id())
        .collect(Collectors.joining(" "));
  }

  /** How often each was picked by calls of different hashes. */
  static Map<String, Integer> counts(Balancer balancer, int count) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      counts.merge(balancer.pick(new Call(i)).instance().id(), 1, Integer::sum);
    }
    return counts;
  }
}
