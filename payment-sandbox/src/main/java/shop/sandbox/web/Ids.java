package shop.sandbox.web;

import java.util.random.RandomGenerator;
import org.springframework.stereotype.Component;

/** Generates ids in Stripe's format: a prefix and random letters and digits. */
@Component
final class Ids {

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private final RandomGenerator random;

  Ids(RandomGenerator random) {
    this.random = random;
  }

  String next(String prefix, int length) {
    var id = new StringBuilder(prefix.length() + length).append(prefix);
    for (int i = 0; i < length; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }

  String intent() {
    return next("pi_", 24);
  }

  String refund() {
    return next("re_", 24);
  }
}
