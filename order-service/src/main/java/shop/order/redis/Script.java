package shop.order.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** A Lua script of the folder {@code redis/}, which Redis executes atomically. */
public enum Script {
  CLAIM(Part.KEYS, Part.GUARD, Part.LISTS, Part.RESERVE_PIECES, Part.READER),
  GIVE_BACK(Part.KEYS, Part.GUARD),
  SUSPEND(Part.KEYS, Part.GUARD),
  RESERVE(Part.KEYS, Part.GUARD, Part.LISTS, Part.RESERVE_PIECES),
  ACCEPT(Part.KEYS, Part.GUARD, Part.READER, Part.LISTS),
  REGISTER_WRITER,
  RELEASE_ABANDONED(Part.KEYS, Part.GUARD),
  EVICT(Part.KEYS, Part.GUARD, Part.READER, Part.LISTS, Part.EVICTED),
  EVICT_ADJUSTMENTS(Part.KEYS, Part.GUARD, Part.READER, Part.LISTS, Part.EVICTED),
  APPLY(Part.KEYS, Part.READER, Part.LISTS),
  MARK_OPENING,
  BEGIN_LOAD,
  LOAD(Part.READER),
  END_LOAD,
  BEGIN_EPOCH;

  /** Lua code that precedes a script. */
  private enum Part {
    /** The names of keys that scripts build themselves. */
    KEYS(Keys.LUA),
    /** Refuses to run unless Redis has the epoch that is the last argument. */
    GUARD,
    /** Reserves pieces of the stock. */
    RESERVE_PIECES,
    /** Reads keys and arguments one after the other. */
    READER,
    /** Notes how far PostgreSQL was when something left Redis. */
    EVICTED,
    /** Collects changes of sorted sets and writes each set by one command. */
    LISTS;

    private final String text;

    Part() {
      text = read("part/" + fileName(this));
    }

    Part(String text) {
      this.text = text;
    }
  }

  private final boolean guarded;
  private final String text;
  private final String digest;

  Script(Part... parts) {
    var all = new StringBuilder();
    for (var part : parts) {
      all.append(part.text);
    }
    guarded = List.of(parts).contains(Part.GUARD);
    text = all.append(read(fileName(this))).toString();
    digest = sha1(text);
  }

  /** True if the script refuses to run on a Redis that is not open. */
  boolean isGuarded() {
    return guarded;
  }

  byte[] text() {
    return text.getBytes(UTF_8);
  }

  /** The digest by which Redis identifies the script after it is loaded. */
  String digest() {
    return digest;
  }

  private static String fileName(Enum<?> script) {
    return script.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".lua";
  }

  private static String read(String file) {
    String resource = "/redis/" + file;
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
