package shop.gateway.problem;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import shop.common.problem.Problem;
import shop.common.problem.ProblemType;

/** The problem of an error of which only the status is known. */
public final class StatusProblems {

  /** Types that are not specific to one operation; each has a status of its own. */
  private static final List<String> GENERAL =
      List.of(
          "malformed-request",
          "unauthorized",
          "forbidden",
          "not-found",
          "method-not-allowed",
          "not-acceptable",
          "request-timeout",
          "content-too-large",
          "uri-too-long",
          "unsupported-media-type",
          "header-fields-too-large",
          "internal",
          "bad-gateway",
          "unavailable",
          "gateway-timeout");

  private static final Map<Integer, ProblemType> BY_STATUS =
      ProblemType.all().stream()
          .filter(type -> GENERAL.contains(type.type()))
          .collect(Collectors.toUnmodifiableMap(ProblemType::status, Function.identity()));

  private StatusProblems() {}

  /** True if the status has a type of its own. */
  public static boolean exists(HttpStatusCode status) {
    return BY_STATUS.containsKey(status.value());
  }

  /**
   * A problem whose type has a page. A status without a type of its own becomes the general one of
   * its class, 400 or 500.
   */
  public static Problem of(HttpStatusCode status) {
    var general =
        status.is4xxClientError() ? HttpStatus.BAD_REQUEST : HttpStatus.INTERNAL_SERVER_ERROR;
    var type =
        Objects.requireNonNull(
            BY_STATUS.getOrDefault(status.value(), BY_STATUS.get(general.value())));
    return Problem.of(HttpStatus.valueOf(type.status()), type.type(), type.title());
  }
}
