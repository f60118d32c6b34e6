package shop.operations.web;

import jakarta.validation.constraints.Size;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.util.MultiValueMap;
import shop.common.problem.Problem;
import shop.common.problem.RequestProblems;
import shop.common.problem.Violation;
import shop.operations.State;
import shop.operations.desk.Query;

/** Which entries are meant, as a query string or a body says it. */
record Filter(
    @Nullable String service,
    @Nullable String topic,
    @Nullable String group,
    @Nullable String exception,
    @Nullable String place,
    @Nullable String cause,
    @Nullable Instant from,
    @Nullable Instant to,
    @Size(min = Query.SHORTEST_TEXT, max = LONGEST_TEXT) @Nullable String text) {

  private static final int LONGEST_TEXT = 200;
  private static final Set<String> NAMES =
      Set.of(
          "service",
          "topic",
          "group",
          "exception",
          "place",
          "cause",
          "from",
          "to",
          "text",
          "state",
          "limit",
          "cursor");

  /** The query of a query string. */
  static Query query(MultiValueMap<String, String> parameters) {
    parameters.forEach((name, values) -> {
      if (!NAMES.contains(name)) {
        throw RequestProblems.malformed("There is no parameter '" + name + "' here");
      }
      if (values.size() != 1 || values.getFirst().isEmpty()) {
        throw RequestProblems.malformed("'" + name + "' must have one value");
      }
    });
    Map<String, String> one = parameters.toSingleValueMap();
    @Nullable String text = one.get("text");
    if (text != null && (text.length() < Query.SHORTEST_TEXT || text.length() > LONGEST_TEXT)) {
      throw RequestProblems.malformed(
          "'text' must have %d to %d characters".formatted(Query.SHORTEST_TEXT, LONGEST_TEXT));
    }
    return new Filter(
            one.get("service"),
            one.get("topic"),
            one.get("group"),
            one.get("exception"),
            one.get("place"),
            one.get("cause"),
            time(one, "from"),
            time(one, "to"),
            text)
        .query(states(one.get("state")));
  }

  Query query(Set<State> states) {
    if (from != null && to != null && !from.isBefore(to)) {
      throw Problem.of(HttpStatus.UNPROCESSABLE_CONTENT, "invalid-request", "No time in between")
          .detail("'from' must be before 'to'")
          .with("errors", List.of(new Violation("/filter/from", "must be before 'to'")));
    }
    return new Query(service, topic, group, states, exception, place, cause, from, to, text);
  }

  /** What was asked for, in words. */
  Map<String, String> asked() {
    Map<String, String> asked = new LinkedHashMap<>();
    put(asked, "service", service);
    put(asked, "topic", topic);
    put(asked, "group", group);
    put(asked, "exception", exception);
    put(asked, "place", place);
    put(asked, "cause", cause);
    put(asked, "from", from);
    put(asked, "to", to);
    put(asked, "text", text);
    return asked;
  }

  private static void put(Map<String, String> asked, String name, @Nullable Object value) {
    if (value != null) {
      asked.put(name, value.toString());
    }
  }

  private static @Nullable Instant time(Map<String, String> parameters, String name) {
    @Nullable String text = parameters.get(name);
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      throw RequestProblems.malformed(
          "'" + name + "' is no RFC 3339 time such as 2026-01-31T09:30:00Z");
    }
  }

  private static Set<State> states(@Nullable String text) {
    try {
      return text == null
          ? Set.of()
          : Arrays.stream(text.split(",")).map(State::valueOf).collect(Collectors.toSet());
    } catch (IllegalArgumentException e) {
      throw RequestProblems.malformed(
          "'state' is one or more of " + Arrays.toString(State.values()));
    }
  }
}
