package shop.order.redis;

/** The digests that identify scripts in the traffic to Redis. */
public final class ScriptDigests {

  private ScriptDigests() {}

  /** The digest of the {@link Script} of that name. */
  public static String of(String script) {
    return Script.valueOf(script).digest();
  }
}
