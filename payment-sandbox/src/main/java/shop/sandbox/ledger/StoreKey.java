package shop.sandbox.ledger;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A key of the {@link LedgerStore} or the start of one: a table and fields in big-endian order, so
 * that keys sort by their fields. Immutable.
 */
final class StoreKey implements Comparable<StoreKey> {

  private final byte[] bytes;

  /** The key of these bytes, which must not be changed afterwards. */
  StoreKey(byte[] bytes) {
    this.bytes = bytes;
  }

  byte[] bytes() {
    return bytes;
  }

  /** The kinds of entries; the byte is the first of each of their keys. */
  enum Table {
    /** How many intents and refunds were created. */
    LAST_NUMBER('n'),
    /** The number of each, in order of creation. */
    NUMBER('N'),
    INTENT('i'),
    INTENT_BY_TIME('I'),
    REFUND('r'),
    REFUND_BY_TIME('R'),
    REFUND_BY_INTENT('p'),
    DEBIT_BY_TIME('d'),
    TRANSFER('t'),
    TRANSFER_BY_INTENT('T'),
    TRANSFER_BY_ORDER('O'),
    KEY('k'),
    KEY_BY_TIME('K');

    private final byte prefix;

    Table(char prefix) {
      this.prefix = (byte) prefix;
    }
  }

  static StoreKey of(Table table) {
    return new StoreKey(new byte[] {table.prefix});
  }

  /** The key of one object. */
  static StoreKey of(Table table, String id) {
    return of(table).last(id);
  }

  /** Adds a text of any length that is followed by other fields. */
  StoreKey text(String value) {
    var utf8 = value.getBytes(StandardCharsets.UTF_8);
    return plus(ByteBuffer.allocate(4).putInt(utf8.length).array()).plus(utf8);
  }

  /** Adds a text as the last field. */
  StoreKey last(String value) {
    return plus(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a number; negative ones sort before positive ones. */
  StoreKey number(long value) {
    return plus(ByteBuffer.allocate(8).putLong(value ^ Long.MIN_VALUE).array());
  }

  StoreKey time(Instant at) {
    return number(at.getEpochSecond()).plus(ByteBuffer.allocate(4).putInt(at.getNano()).array());
  }

  /** The text that follows this prefix in a key. */
  String lastOf(byte[] key) {
    return new String(key, bytes.length, key.length - bytes.length, StandardCharsets.UTF_8);
  }

  /** The {@link #text} that follows this prefix in a key. */
  String textOf(byte[] key) {
    int length = ByteBuffer.wrap(key).getInt(bytes.length);
    return new String(key, bytes.length + 4, length, StandardCharsets.UTF_8);
  }

  /** The {@link #number} that follows this prefix in a key. */
  long numberOf(byte[] key) {
    return ByteBuffer.wrap(key).getLong(bytes.length) ^ Long.MIN_VALUE;
  }

  /** The smallest key after this one. */
  StoreKey next() {
    return plus(new byte[1]);
  }

  /** The smallest key after all keys that begin with this one. */
  StoreKey afterAll() {
    int end = bytes.length;
    while (bytes[end - 1] == (byte) 0xFF) {
      end--;
    }
    var next = Arrays.copyOf(bytes, end);
    next[end - 1]++;
    return new StoreKey(next);
  }

  @Override
  public int compareTo(StoreKey other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StoreKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The smaller of two keys. */
  static StoreKey min(StoreKey a, StoreKey b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  /** The greater of two keys. */
  static StoreKey max(StoreKey a, StoreKey b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private StoreKey plus(byte[] field) {
    var joined = new ByteArrayOutputStream(bytes.length + field.length);
    joined.writeBytes(bytes);
    joined.writeBytes(field);
    return new StoreKey(joined.toByteArray());
  }
}
