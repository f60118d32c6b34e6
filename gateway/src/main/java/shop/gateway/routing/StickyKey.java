package shop.gateway.routing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A secret for HMAC-SHA-256 (RFC 2104). Thread-safe. */
final class StickyKey {

  private static final String ALGORITHM = "HmacSHA256";
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /** 96 bits: no two instances get one name. */
  private static final int NAME_BYTES = 12;

  private final Mac mac;

  /** A key in Base64. */
  StickyKey(String base64) {
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(base64), ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform supports " + ALGORITHM, e);
    }
  }

  /** A name of an instance, from which its id cannot be found without the key. */
  String nameOf(String service, String instance) {
    return BASE64.encodeToString(Arrays.copyOf(digest("instance", service, instance), NAME_BYTES));
  }

  String sign(String service, String content) {
    return BASE64.encodeToString(digest("cookie", service, content));
  }

  /** Whether the signature is of this key; takes the same time if it is nearly right. */
  boolean verifies(String service, String content, String signature) {
    return MessageDigest.isEqual(sign(service, content).getBytes(UTF_8), signature.getBytes(UTF_8));
  }

  private byte[] digest(String purpose, String service, String text) {
    try {
      var copy = (Mac) mac.clone();
      return copy.doFinal(String.join("\0", purpose, service, text).getBytes(UTF_8));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("The JDK's " + ALGORITHM + " can be copied", e);
    }
  }
}
