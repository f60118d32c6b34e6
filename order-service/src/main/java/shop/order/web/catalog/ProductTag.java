package shop.order.web.catalog;

import org.springframework.http.HttpHeaders;
import shop.common.http.EntityTag;
import shop.common.http.EntityTags;
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

  /** A tag for comparison with If-Match, which ignores the stock. */
  static ProductTag ofVersion(long version) {
    return new ProductTag(version, 0);
  }

  /**
   * True if a precondition names this version.
   *
   * @param ifMatch the value of {@code If-Match}
   * @throws Problem 400 if the value is neither {@code *} nor a list of tags
   */
  boolean matches(String ifMatch) {
    return EntityTags.parse(HttpHeaders.IF_MATCH, ifMatch).matchStrongly(this::isVersion);
  }

  private boolean isVersion(String tag) {
    int dot = tag.indexOf('.');
    return (dot < 0 ? tag : tag.substring(0, dot)).equals(Long.toString(version));
  }

  EntityTag entityTag() {
    return new EntityTag(version + "." + left);
  }
}
