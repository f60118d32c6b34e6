package shop.order;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import shop.common.json.Json;

/** Recognizes a repeated request: equal requests have equal fingerprints. */
public final class Fingerprint {

  private Fingerprint() {}

  /** SHA-256 of a canonical request's JSON, 64 hexadecimal digits. */
  public static String of(Object canonicalRequest) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(Json.bytes(canonicalRequest));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
