package shop.order.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** A Lua script of the folder {@code redis/}: one atomic step of Redis. */
enum Script {
  CLAIM(Part.GUARD, Part.LISTS, Part.PIECES, Part.READER),
  SUSPEND(Part.GUARD),
  RESERVE(Part.GUARD, Part.LISTS, Part.PIECES),
  ACCEPT(Part.GUARD, Part.READER, Part.LISTS),
  ENTER(Part.GUARD),
  ABANDON(Part.GUARD),
  APPLY(Part.READER, Part.LISTS),
  OPEN;

  /** What a script begins with. */
  private enum Part {
    /** Refuses unless Redis is the one that was opened; takes the epoch as the last argument. */
    GUARD,
    /** Knows how to set pieces aside. */
    PIECES,
    /** Reads keys and arguments one after the other. */
    READER,
    /** Writes what is to be listed and what no longer, each sorted set once. */
    LISTS
  }

  private final boolean guarded;
  private final String text;
  private final String digest;

  Script(Part... parts) {
    var all = new StringBuilder();
    for (var part : parts) {
      all.append(read("/redis/part/" + part.name().toLowerCase(Locale.ROOT) + ".lua"));
    }
    guarded = List.of(parts).contains(Part.GUARD);
    text = all.append(read("/redis/" + name().toLowerCase(Locale.ROOT) + ".lua")).toString();
    digest = sha1(text);
  }

  boolean isGuarded() {
    return guarded;
  }

  byte[] text() {
    return text.getBytes(UTF_8);
  }

  /** By which Redis knows the script once it is loaded. */
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
