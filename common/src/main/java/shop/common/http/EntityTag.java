package shop.common.http;

/**
 * A strong entity tag (RFC 9110, 8.8.3): two representations with the same one are equal byte for
 * byte.
 *
 * @param opaque its text, without quotes; visible ASCII characters except quotes
 */
public record EntityTag(String opaque) {

  /** The tag of a version. */
  public static EntityTag of(long version) {
    return new EntityTag(Long.toString(version));
  }

  /** The value of the ETag header. */
  @Override
  public String toString() {
    return '"' + opaque + '"';
  }
}
