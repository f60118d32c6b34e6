package shop.gateway.limits;

import java.util.Locale;

/** The algorithms by their names in the configuration. */
enum Algorithm {
  TOKEN_BUCKET,
  LEAKY_BUCKET,
  FIXED_WINDOW;

  /** Such as {@code token-bucket}. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
