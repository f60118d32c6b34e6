package shop.e2e.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** UUIDs of version 5 (RFC 9562), which are derived from a namespace and a name. */
final class Uuid5 {

  private Uuid5() {}

  static UUID of(UUID namespace, String name) {
    try {
      var sha = MessageDigest.getInstance("SHA-1");
      sha.update(
          ByteBuffer.allocate(16)
              .putLong(namespace.getMostSignificantBits())
              .putLong(namespace.getLeastSignificantBits())
              .array());
      var hash = ByteBuffer.wrap(sha.digest(name.getBytes(UTF_8)));
      return new UUID(
          (hash.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x5000L,
          (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
