package shop.operations.web;

import jakarta.validation.constraints.Size;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
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
import shop.common.time.Rfc3339;
import shop.common.web.QueryParameters;
import shop.operations.State;
import shop.operations.desk.EntryQuery;

/** A filter of entries, from a query string or a request body. */
record EntryFilter(
    @Nullable String service,
    @Nullable String topic,
    @Nullable String group,
    @Nullable String exception,
    @Nullable String place,
    @Nullable String cause,
    @Nullable Instant from,
    @Nullable Instant to,
    @Size(min = EntryQuery.MIN_TEXT_LENGTH, max = MAX_TEXT_LENGTH) @Nullable String text) {

  private static final int MAX_TEXT_LENGTH = 100;

  /** The query parameters of a filter. */
  @QueryParameters({
    "service",
    "topic",
    "group",
    "exception",
    "place",
    "cause",
    "from",
    "to",
    "text",
    "state"
  })
  @Target(ElementType.METHOD)
  @Retention(RetentionPolicy.RUNTIME)
  @interface Parameters {}

  /** Parses a query string. */
  static EntryQuery query(MultiValueMap<String, String> parameters) {
    Map<String, String> one = parameters.toSingleValueMap();
    @Nullable String text = one.get("text");
    if (text != null
        && (text.length() < EntryQuery.MIN_TEXT_LENGTH || text.length() > MAX_TEXT_LENGTH)) {
      throw RequestProblems.malformed(
          "The parameter 'text' must have %d to %d characters"
              .formatted(EntryQuery.MIN_TEXT_LENGTH, MAX_TEXT_LENGTH));
    }
    return new EntryFilter(
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

  EntryQuery query(Set<State> states) {
    if (from != null && to != null && !from.isBefore(to)) {
      throw Problem.of(
              HttpStatus.UNPROCESSABLE_CONTENT, "invalid-request", "The request is invalid")
          .detail("'from' must be before 'to'")
          .with("errors", List.of(new Violation("/filter/from", "must be before 'to'")));
    }
    return new EntryQuery(service, topic, group, states, exception, place, cause, from, to, text);
  }

  /** The criteria that are present. */
  Map<String, String> asMap() {
    Map<String, String> criteria = new LinkedHashMap<>();
    put(criteria, "service", service);
    put(criteria, "topic", topic);
    put(criteria, "group", group);
    put(criteria, "exception", exception);
    put(criteria, "place", place);
    put(criteria, "cause", cause);
    put(criteria, "from", from);
    put(criteria, "to", to);
    put(criteria, "text", text);
    return criteria;
  }

  private static void put(Map<String, String> criteria, String name, @Nullable Object value) {
    if (value != null) {
      criteria.put(name, value.toString());
    }
  }

  private static @Nullable Instant time(Map<String, String> parameters, String name) {
    @Nullable String text = parameters.get(name);
    try {
      return text == null ? null : Rfc3339.parse(text);
    } catch (DateTimeException e) {
      throw RequestProblems.malformed(
          "The parameter '" + name + "' must be an RFC 3339 time such as 2026-01-31T09:30:00Z");
    }
  }

  private static Set<State> states(@Nullable String text) {
    try {
      return text == null
          ? Set.of()
          : Arrays.stream(text.split(",")).map(State::valueOf).collect(Collectors.toSet());
    } catch (IllegalArgumentException e) {
      throw RequestProblems.malformed(
          "The parameter 'state' must be one or more, separated by commas, of "
              + Arrays.toString(State.values()));
    }
  }
}
