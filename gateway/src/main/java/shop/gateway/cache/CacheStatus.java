package shop.gateway.cache;

import java.util.Locale;

/** How a response came about, as {@code Cache-Status} says it (RFC 9211). */
enum CacheStatus {
  /** It was stored, and fresh. */
  HIT("gateway; hit"),
  /** It was stored and is not fresh; a newer one is fetched, or the service fails. */
  STALE("gateway; hit; fwd=stale"),
  /** The service has confirmed what was stored. */
  REVALIDATED("gateway; fwd=stale; fwd-status=304"),
  /** It was not stored, or not fresh. */
  MISS("gateway; fwd=miss"),
  /** The request waited for the same request of another client. */
  COALESCED("gateway; fwd=miss; collapsed"),
  /** It cannot be stored, or nobody was waited for. */
  PASS("gateway; fwd=bypass");

  static final String HEADER = "Cache-Status";

  private final String value;
  private final String label = name().toLowerCase(Locale.ROOT);

  CacheStatus(String value) {
    this.value = value;
  }

  /** Its name in metrics and records. */
  String label() {
    return label;
  }

  /** The value of the header. */
  String value() {
    return value;
  }
}
