package shop.order.web.catalog;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import shop.common.http.EntityTags;
import shop.common.problem.Problem;
import shop.order.catalog.Product;

/**
 * The preconditions of a request that writes a product (RFC 9110, 13.1).
 *
 * @param ifMatch the tags of the versions that may be replaced; null if the header is missing
 * @param ifNoneMatch {@code *} for a product that must not exist yet, or the tags of versions that
 *     must not be replaced; null if the header is missing
 */
record Preconditions(@Nullable String ifMatch, @Nullable String ifNoneMatch) {

  /**
   * True if this very change was made before on the version that If-Match names: its response was
   * lost, and RFC 9110 (13.1.1) allows a success instead of 412.
   *
   * @param stored the product as it is now
   * @param next the product as the request wants it
   */
  boolean isReplay(Product stored, Product next) {
    return ifMatch != null
        && stored.equalsIgnoringVersion(next)
        && !ProductTag.ofVersion(stored.version()).matches(ifMatch)
        && ProductTag.ofVersion(stored.version() - 1).matches(ifMatch);
  }

  /**
   * Checks the preconditions.
   *
   * @throws Problem 412 if one of them does not hold, 428 if the product exists and there is none,
   *     400 if a header is malformed
   * @param current the tag that a GET returns now; asked for only if the product exists
   */
  void check(String sku, Optional<Product> stored, Supplier<ProductTag> current) {
    if (stored.isPresent()) {
      check(stored.get(), current);
    } else if (ifMatch != null) {
      throw failed("There is no product '" + sku + "' yet; send the request without If-Match");
    }
  }

  private void check(Product stored, Supplier<ProductTag> current) {
    if (ifNoneMatch != null
        && EntityTags.parse(HttpHeaders.IF_NONE_MATCH, ifNoneMatch)
            .matchWeakly(current.get().entityTag())) {
      throw failed(
          "If-None-Match matches the product '" + stored.sku() + "', which exists already");
    }
    if (ifMatch == null) {
      throw Problem.of(
              HttpStatus.PRECONDITION_REQUIRED, "precondition-required", "If-Match is missing")
          .detail("Send If-Match with the ETag of the product that you want to replace");
    }
    if (!ProductTag.ofVersion(stored.version()).matches(ifMatch)) {
      throw failed("The product was changed; its version is " + stored.version() + " now");
    }
  }

  /** The problem for a product that is not in the state that the caller expects. */
  static Problem failed(String detail) {
    return Problem.of(HttpStatus.PRECONDITION_FAILED, "precondition-failed", "Precondition failed")
        .detail(detail + ". Read the product again before you change it");
  }
}
