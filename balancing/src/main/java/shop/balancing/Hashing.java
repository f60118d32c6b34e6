package shop.balancing;

/**
 * 64-bit hash of strings and numbers for tables and keys: FNV-1a (Fowler, Noll, Vo) over the UTF-16
 * units, finished by the mixer of MurmurHash3 (Appleby, {@code fmix64}) so that every bit of the
 * result depends on every bit of the input. The same in every process; not for untrusted keys where
 * collisions would cost more than an uneven share.
 */
public final class Hashing {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /** 2^64 divided by the golden ratio: the step of the sequence of SplitMix64 (Steele, 2014). */
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private Hashing() {}

  /** The hash of a text; does not allocate. */
  public static long of(CharSequence text) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    return mix(hash);
  }

  /** The hash of bytes, as those of an address. */
  public static long of(byte[] bytes) {
    long hash = FNV_OFFSET;
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return mix(hash);
  }

  /** A bijection whose results look random, also for consecutive numbers. */
  public static long mix(long value) {
    long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }

  /** Element {@code index} of the random sequence that a hash begins. */
  static long nth(long hash, int index) {
    return mix(hash + index * GOLDEN_GAMMA);
  }
}
