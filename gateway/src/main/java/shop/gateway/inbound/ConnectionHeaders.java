package shop.gateway.inbound;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.http.HttpHeaders;
import shop.common.http.SingleHeaders;
import shop.common.problem.Problem;
import shop.common.problem.RequestProblems;

/**
 * The header Connection and what it names (RFC 9110, section 7.6.1). Both end at the gateway, and
 * before any filter has read them: what the gateway decides by is what the service gets. A name
 * that is not for one connection alone is refused: the gateway would repeat a request by its
 * Idempotency-Key, say, which the service would not see.
 */
final class ConnectionHeaders {

  private static final String UPGRADE = "upgrade";
  private static final Set<String> END_TO_END = endToEnd();

  private ConnectionHeaders() {}

  private static Set<String> endToEnd() {
    var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(SingleHeaders.NAMES);
    names.addAll(
        List.of(
            "Accept",
            "Cache-Control",
            "Content-Encoding",
            "Cookie",
            "If-Match",
            "If-None-Match",
            "Transfer-Encoding"));
    return names;
  }

  /**
   * Requires that Connection names no header that is meant for the service.
   *
   * @throws Problem 400
   */
  static void check(HttpHeaders headers) {
    for (String name : named(headers)) {
      if (END_TO_END.contains(name)) {
        throw RequestProblems.malformed(
            "The header Connection names '" + name + "', which is not for one connection alone");
      }
    }
  }

  /** Removes Connection and the headers that it names; an upgrade of the protocol stays one. */
  static void remove(HttpHeaders headers) {
    var names = named(headers);
    boolean upgrade = names.remove(UPGRADE);
    names.forEach(headers::remove);
    if (upgrade) {
      headers.set(HttpHeaders.CONNECTION, UPGRADE);
    } else {
      headers.remove(HttpHeaders.CONNECTION);
    }
  }

  private static List<String> named(HttpHeaders headers) {
    var names = new ArrayList<String>();
    for (String line : headers.getOrEmpty(HttpHeaders.CONNECTION)) {
      for (String name : line.split(",", -1)) {
        names.add(name.strip().toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }
}
