package shop.order.catalog;

import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import shop.common.problem.Problem;

/**
 * The entity tag of a product, {@code "<version>.<left>"}: caches see by it that the stock moved,
 * too. Whoever changes a product means what was written of it, which the version alone tells, so
 * {@code If-Match} compares nothing else: a sale in between is no conflict.
 *
 * @param version of the product
 * @param left pieces that can still be sold
 */
record ProductTag(long version, long left) {

  /** RFC 9110, 8.8.3 and 13.1.1: any, or a list of tags. */
  private static final Pattern TAG = Pattern.compile("(W/)?\"([\\x21\\x23-\\x7e]*)\"");

  private static final Pattern LIST = Pattern.compile("\\s*%s(\\s*,\\s*%<s)*\\s*".formatted(TAG));

  static final String ANY = "*";

  /**
   * True if a precondition names this version. Weak tags name none (RFC 9110, 13.1.1).
   *
   * @param condition the value of {@code If-Match}
   * @throws Problem 400 if it is neither {@code *} nor a list of tags
   */
  boolean isNamedBy(String condition) {
    if (condition.strip().equals(ANY)) {
      return true;
    }
    if (!LIST.matcher(condition).matches()) {
      throw Problem.of(HttpStatus.BAD_REQUEST, "malformed-request", "The request is malformed")
          .detail("'If-Match' takes the ETag that a GET of the product gave, or *");
    }
    return TAG.matcher(condition)
        .results()
        .anyMatch(tag -> tag.group(1) == null && names(tag.group(2)));
  }

  private boolean names(String tag) {
    int dot = tag.indexOf('.');
    return (dot < 0 ? tag : tag.substring(0, dot)).equals(Long.toString(version));
  }

  /** As the header has it. */
  @Override
  public String toString() {
    return "\"" + version + "." + left + "\"";
  }
}
