package shop.gateway.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The stored responses of one path and query, which differ by the request headers that {@code Vary}
 * names (RFC 9111, section 4.1); immutable.
 *
 * @param vary names in lower case, sorted
 * @param variants at most {@value #MAX_VARIANTS}, the latest first
 */
record Resource(List<String> vary, List<StoredResponse> variants) {

  static final int MAX_VARIANTS = 16;

  Resource {
    vary = List.copyOf(vary);
    variants = List.copyOf(variants);
  }

  /**
   * The names in {@code Vary}; null if no other request may get such a response.
   *
   * @param forwarded names in lower case of the headers that services get
   */
  static @Nullable List<String> varying(HttpHeaders response, Set<String> forwarded) {
    var names =
        response.getVary().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .distinct()
            .sorted()
            .toList();
    return forwarded.containsAll(names) ? names : null;
  }

  /** The values of a request's selecting headers, without the space around them. */
  static List<String> selectors(List<String> vary, HttpHeaders request) {
    if (vary.isEmpty()) {
      return List.of();
    }
    return vary.stream()
        .map(
            name -> String.join(",", request.getOrEmpty(name).stream().map(String::strip).toList()))
        .toList();
  }

  List<String> selectors(HttpHeaders request) {
    return selectors(vary, request);
  }

  /** The response that a request with these headers may get; null if there is none. */
  @Nullable StoredResponse find(HttpHeaders request) {
    var selectors = selectors(request);
    for (var variant : variants) {
      if (variant.selectors().equals(selectors)) {
        return variant;
      }
    }
    return null;
  }

  /** The same with a response in place of the one with the same selectors, or of the oldest. */
  Resource with(StoredResponse response) {
    var next = new ArrayList<StoredResponse>();
    next.add(response);
    for (var variant : variants) {
      if (next.size() < MAX_VARIANTS && !variant.selectors().equals(response.selectors())) {
        next.add(variant);
      }
    }
    return new Resource(vary, next);
  }

  /** Bytes that it takes in memory, about. */
  int weight(String key) {
    int size = key.length();
    for (var variant : variants) {
      size += variant.weight();
    }
    return size;
  }
}
