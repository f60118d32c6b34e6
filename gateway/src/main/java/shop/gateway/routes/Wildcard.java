package shop.gateway.routes;

/**
 * A text in which each {@code *} stands for any number of characters, to be compared with a whole
 * value. Not a regular expression: those of Java backtrack, so that the time of a comparison can
 * grow exponentially with a value that a client chooses. Here it is at most the product of both
 * lengths, and values are no longer than a request's head may be.
 */
final class Wildcard {

  static final int MAX_LENGTH = 128;

  private final String pattern;

  /**
   * Checks the pattern.
   *
   * @throws IllegalArgumentException if it is empty or too long
   */
  Wildcard(String pattern) {
    if (pattern.isEmpty() || pattern.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a pattern has 1 to %d characters".formatted(MAX_LENGTH));
    }
    this.pattern = pattern;
  }

  /** True if the whole value matches; case matters. */
  boolean matches(String value) {
    int at = 0;
    int next = 0;
    int star = -1;
    int retry = 0;
    while (at < value.length()) {
      if (next < pattern.length() && pattern.charAt(next) == '*') {
        star = next++;
        retry = at;
      } else if (next < pattern.length() && pattern.charAt(next) == value.charAt(at)) {
        next++;
        at++;
      } else if (star >= 0) {
        // The last star takes one more character; earlier ones never need to.
        next = star + 1;
        at = ++retry;
      } else {
        return false;
      }
    }
    while (next < pattern.length() && pattern.charAt(next) == '*') {
      next++;
    }
    return next == pattern.length();
  }
}
