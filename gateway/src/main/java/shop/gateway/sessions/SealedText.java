package shop.gateway.sessions;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** ASCII text encrypted with AES-256-GCM, under a key of high entropy. */
final class SealedText {

  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private SealedText() {}

  /**
   * Encrypts a text.
   *
   * @param key random text of at least 256 bits
   * @return nonce, ciphertext and tag in Base64
   */
  static String seal(String text, String key, SecureRandom random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = apply(Cipher.ENCRYPT_MODE, key, nonce, text.getBytes(US_ASCII));
    byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
    System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
    return Base64.getEncoder().encodeToString(all);
  }

  /**
   * Decrypts a sealed text.
   *
   * @throws IllegalArgumentException if it was sealed with another key, or changed
   */
  static String open(String sealed, String key) {
    byte[] all = Base64.getDecoder().decode(sealed);
    if (all.length < NONCE_BYTES) {
      throw new IllegalArgumentException("The sealed text is too short");
    }
    byte[] nonce = Arrays.copyOf(all, NONCE_BYTES);
    byte[] text = Arrays.copyOfRange(all, NONCE_BYTES, all.length);
    return new String(apply(Cipher.DECRYPT_MODE, key, nonce, text), US_ASCII);
  }

  private static byte[] apply(int mode, String key, byte[] nonce, byte[] input) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(("sealed:" + key).getBytes(US_ASCII));
      var cipher = Cipher.getInstance(CIPHER);
      cipher.init(mode, new SecretKeySpec(hash, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("The text cannot be decrypted with this key", e);
    }
  }
}
