package shop.gateway.sessions;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An opaque token that is valid for one refresh.
 *
 * @param sessionId the session that it belongs to
 * @param family the same in all refresh tokens of the session, and in no access token: a token with
 *     the right family and an outdated secret is therefore a reused one
 * @param secret replaced at each use
 */
record RefreshToken(String sessionId, String family, String secret) {

  private static final int ID_BYTES = 16;
  private static final int SECRET_BYTES = 32;
  private static final Pattern FORMAT =
      Pattern.compile("([\\w-]{22})\\.([\\w-]{22})\\.([\\w-]{43})");
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /** The first token of a new session. */
  static RefreshToken first(SecureRandom random) {
    return new RefreshToken(
        bytes(random, ID_BYTES), bytes(random, ID_BYTES), bytes(random, SECRET_BYTES));
  }

  /** The token that replaces this one. */
  RefreshToken next(SecureRandom random) {
    return new RefreshToken(sessionId, family, bytes(random, SECRET_BYTES));
  }

  /** Empty if the text does not have the format of a refresh token. */
  static Optional<RefreshToken> parse(String text) {
    var parts = FORMAT.matcher(text);
    return parts.matches()
        ? Optional.of(new RefreshToken(parts.group(1), parts.group(2), parts.group(3)))
        : Optional.empty();
  }

  /**
   * The next token, encrypted with this one: whoever repeats a refresh can be given the same next
   * token, and whoever reads the store learns none.
   */
  String seal(RefreshToken next, SecureRandom random) {
    return SealedText.seal(next.secret, secret, random);
  }

  /** The next token from its sealed form. */
  RefreshToken unseal(String sealed) {
    return new RefreshToken(sessionId, family, SealedText.open(sealed, secret));
  }

  String text() {
    return sessionId + "." + family + "." + secret;
  }

  String familyHash() {
    return sha256(family);
  }

  String secretHash() {
    return sha256(secret);
  }

  /** Omits family and secret. */
  @Override
  public String toString() {
    return "RefreshToken[" + sessionId + "]";
  }

  private static String bytes(SecureRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return BASE64.encodeToString(bytes);
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform supports SHA-256", e);
    }
  }
}
