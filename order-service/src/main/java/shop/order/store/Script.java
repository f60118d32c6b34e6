package shop.order.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;

/** A Lua script of the folder {@code redis/}: one atomic step of Redis. */
enum Script {
  CLAIM,
  RELEASE,
  SUSPEND,
  RESERVE,
  ACCEPT,
  PLACE,
  ADVANCE,
  PASS,
  ADJUST;

  private final String text = read("/redis/" + name().toLowerCase(Locale.ROOT) + ".lua");
  private final String digest = sha1(text);

  byte[] text() {
    return text.getBytes(UTF_8);
  }

  /** By which Redis knows the script once it has seen it. */
  String digest() {
    return digest;
  }

  private static String read(String resource) {
    try (var in = Script.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in, resource).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-1", e);
    }
  }
}
