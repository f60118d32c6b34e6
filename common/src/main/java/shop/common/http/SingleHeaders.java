package shop.common.http;

import java.util.List;
import java.util.function.ToIntFunction;
import shop.common.problem.Problem;
import shop.common.problem.RequestProblems;

/**
 * Request headers that must not be repeated (RFC 9110, 5.3): they have a single value, so several
 * lines cannot be combined, and servers that join them or take the first one see different
 * requests. Headers that are lists, such as {@code Accept}, {@code If-Match} and {@code
 * If-None-Match}, may have several lines, which mean the same as one line with commas.
 */
public final class SingleHeaders {

  /** The headers that a service's behavior depends on and that have a single value. */
  public static final List<String> NAMES =
      List.of(
          "Authorization",
          "Content-Length",
          "Content-Type",
          "Host",
          "Idempotency-Key",
          "If-Modified-Since",
          "If-Range",
          "If-Unmodified-Since",
          "Last-Event-ID",
          "Origin",
          "Range",
          "User-Agent");

  private SingleHeaders() {}

  /**
   * Checks that none of these headers has more than one line.
   *
   * @param lines the number of lines of the header with a name
   * @throws Problem 400 if one of them is repeated
   */
  public static void require(ToIntFunction<String> lines) {
    for (String name : NAMES) {
      if (lines.applyAsInt(name) > 1) {
        throw RequestProblems.malformed(
            "The header '" + name + "' is repeated. Send it once, with a single value");
      }
    }
  }
}
