package shop.gateway.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * An RSA key pair that signs access tokens.
 *
 * @param id its {@code kid}: the file name without suffix
 */
record SigningKey(String id, PrivateKey privateKey, RSAPublicKey publicKey) {

  static final String SUFFIX = ".pem";

  /** RFC 7518, section 3.3. */
  private static final int MIN_BITS = 2048;

  private static final Pattern PEM =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /**
   * Reads a PKCS#8 private key in PEM format.
   *
   * @throws NoSigningKey if the file contains no usable key
   */
  static SigningKey read(Path file) {
    try {
      var pem = PEM.matcher(Files.readString(file));
      if (!pem.find()) {
        throw new NoSigningKey(file + " contains no PKCS#8 private key (BEGIN PRIVATE KEY)");
      }
      var rsa = KeyFactory.getInstance("RSA");
      var der = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
      if (!(rsa.generatePrivate(der) instanceof RSAPrivateCrtKey key)
          || key.getModulus().bitLength() < MIN_BITS) {
        throw new NoSigningKey(file + " is not an RSA key of at least " + MIN_BITS + " bits");
      }
      var spec = new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent());
      String name = String.valueOf(file.getFileName());
      return new SigningKey(
          name.substring(0, name.length() - SUFFIX.length()),
          key,
          (RSAPublicKey) rsa.generatePublic(spec));
    } catch (InvalidKeySpecException | IllegalArgumentException e) {
      throw new NoSigningKey(file + " is not an RSA key", e);
    } catch (IOException e) {
      throw new NoSigningKey(file + " cannot be read", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform supports RSA", e);
    }
  }

  /** Omits the key: it is a secret. */
  @Override
  public String toString() {
    return "SigningKey[" + id + "]";
  }
}
