package shop.gateway.cache;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * A complete response in memory; immutable.
 *
 * @param headers names and values in turn, without those of the connection and without the length
 * @param body on the heap; is not to be read from, but from duplicates
 * @param selectors the values that the request had of the headers that {@code Vary} names
 * @param freshness null if it may be given only to those who wait for it
 * @param born when it had the age 0, in nanoseconds of the cache's ticker
 */
record StoredResponse(
    int status,
    List<String> headers,
    ByteBuffer body,
    List<String> selectors,
    @Nullable Freshness freshness,
    long born) {

  /** Not stored: of the connection (RFC 9111, section 3.1), or added when the response is used. */
  private static final Set<String> NOT_STORED =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authentication-info",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "content-length",
          "age");

  /** Those that a 304 does not update: they describe the body that is stored. */
  private static final Set<String> OF_THE_BODY =
      Set.of("content-encoding", "content-type", "content-range", "etag");

  private static final int OVERHEAD = 400;
  private static final long NANOS = 1_000_000_000L;

  StoredResponse {
    headers = List.copyOf(headers);
    selectors = List.copyOf(selectors);
  }

  /** The headers that are stored. */
  static List<String> storable(HttpHeaders received) {
    var stored = new ArrayList<String>();
    received.forEach((name, values) -> {
      if (!NOT_STORED.contains(name.toLowerCase(Locale.ROOT))) {
        values.forEach(value -> {
          stored.add(name);
          stored.add(value);
        });
      }
    });
    return stored;
  }

  /** The headers after a 304 that has these (RFC 9111, section 4.3.4). */
  List<String> updated(HttpHeaders notModified) {
    var updating = new HttpHeaders();
    notModified.forEach((name, values) -> {
      if (!OF_THE_BODY.contains(name.toLowerCase(Locale.ROOT))) {
        updating.put(name, values);
      }
    });
    var all = new ArrayList<>(storable(updating));
    for (int i = 0; i < headers.size(); i += 2) {
      if (!updating.containsHeader(headers.get(i))) {
        all.add(headers.get(i));
        all.add(headers.get(i + 1));
      }
    }
    return all;
  }

  /** The value of a header; null if it is missing. */
  @Nullable String header(String name) {
    for (int i = 0; i < headers.size(); i += 2) {
      if (headers.get(i).equalsIgnoreCase(name)) {
        return headers.get(i + 1);
      }
    }
    return null;
  }

  boolean isFresh(long now) {
    return freshness != null && now - born < freshness.lifetime().toNanos();
  }

  boolean isUsableWhileRevalidating(long now) {
    return freshness != null
        && now - born < freshness.lifetime().plus(freshness.whileRevalidate()).toNanos();
  }

  boolean isUsableIfError(long now) {
    return freshness != null
        && now - born < freshness.lifetime().plus(freshness.ifError()).toNanos();
  }

  /** Seconds since its generation. */
  long age(long now) {
    return Math.max(0, now - born) / NANOS;
  }

  /** Bytes that it takes in memory, about. */
  int weight() {
    int size = OVERHEAD + body.remaining();
    for (String text : headers) {
      size += text.length();
    }
    for (String text : selectors) {
      size += text.length();
    }
    return size;
  }
}
