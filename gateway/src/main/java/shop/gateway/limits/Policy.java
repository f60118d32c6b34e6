package shop.gateway.limits;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.script.RedisScript;

/** A limit with its name, ready for use. */
final class Policy {

  /** Bytes of a key's hash: no two keys share a bucket. */
  private static final int HASH_BYTES = 16;

  private final String name;
  private final Quota quota;
  private final Meter localMeter;
  private final RedisScript<List<Long>> script;
  private final List<String> arguments;
  private final boolean refusedWithoutRedis;
  private final String header;

  /**
   * Makes a policy.
   *
   * @param localQuota of this gateway alone, for the time without Redis
   * @param refusedWithoutRedis whether requests are then refused instead
   */
  Policy(String name, Quota quota, Quota localQuota, boolean refusedWithoutRedis) {
    this.name = name;
    this.quota = quota;
    this.localMeter = localQuota.meter();
    this.script =
        RedisScript.of(
            new ClassPathResource("limits/" + quota.algorithm().text() + ".lua"), listOfNumbers());
    this.arguments = quota.meter().arguments();
    this.refusedWithoutRedis = refusedWithoutRedis;
    this.header = "\"%s\";q=%d;w=%d".formatted(name, quota.limit(), quota.period().toSeconds());
  }

  String name() {
    return name;
  }

  Quota quota() {
    return quota;
  }

  /** The algorithm for the time without Redis. */
  Meter localMeter() {
    return localMeter;
  }

  /**
   * Returns whether it is allowed (1 or 0), remaining, reset, wait and the time of Redis, in µs.
   */
  RedisScript<List<Long>> script() {
    return script;
  }

  /** The arguments of the algorithm's script. */
  List<String> arguments() {
    return arguments;
  }

  boolean refusedWithoutRedis() {
    return refusedWithoutRedis;
  }

  /** Its item in the field RateLimit-Policy. */
  String header() {
    return header;
  }

  /**
   * The key of a subject's state, at most 80 characters. It is its own hash tag, so that keys are
   * spread over a Redis Cluster; the algorithm is part of it, because each stores something else.
   */
  String key(String subject) {
    return "limit:" + quota.algorithm().text() + ":{" + name + ":" + hash(subject) + "}";
  }

  @SuppressWarnings("unchecked")
  private static Class<List<Long>> listOfNumbers() {
    return (Class<List<Long>>) (Class<?>) List.class;
  }

  private static String hash(String subject) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(subject.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(hash, HASH_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
