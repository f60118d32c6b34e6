package shop.order.web.catalog;

import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import shop.common.problem.Problem;

/**
 * The entity tag of a product, {@code "<version>.<left>"}: it changes with the stock, too, so that
 * caches revalidate. {@code If-Match} compares the version alone: a sale between read and write is
 * not a conflict.
 *
 * @param version of the product
 * @param left pieces that can still be sold
 */
record ProductTag(long version, long left) {

  /** RFC 9110, 8.8.3. */
  private static final Pattern TAG = Pattern.compile("(W/)?\"([\\x21\\x23-\\x7e]*)\"");

  /** RFC 9110, 13.1.1. */
  private static final Pattern LIST = Pattern.compile("\\s*%s(\\s*,\\s*%<s)*\\s*".formatted(TAG));

  private static final String ANY = "*";

  /** A tag for comparison with If-Match, which ignores the stock. */
  static ProductTag ofVersion(long version) {
    return new ProductTag(version, 0);
  }

  /**
   * True if a precondition names this version. A weak tag never matches (RFC 9110, 13.1.1).
   *
   * @param ifMatch the value of {@code If-Match}
   * @throws Problem 400 if the value is neither {@code *} nor a list of tags
   */
  boolean matches(String ifMatch) {
    if (ifMatch.strip().equals(ANY)) {
      return true;
    }
    if (!LIST.matcher(ifMatch).matches()) {
      throw Problem.of(HttpStatus.BAD_REQUEST, "malformed-request", "The request is malformed")
          .detail("'If-Match' must be * or an ETag that a GET of the product returned");
    }
    return TAG.matcher(ifMatch)
        .results()
        .anyMatch(tag -> tag.group(1) == null && isVersion(tag.group(2)));
  }

  private boolean isVersion(String tag) {
    int dot = tag.indexOf('.');
    return (dot < 0 ? tag : tag.substring(0, dot)).equals(Long.toString(version));
  }

  /** The value of the ETag header. */
  @Override
  public String toString() {
    return "\"" + version + "." + left + "\"";
  }
}
