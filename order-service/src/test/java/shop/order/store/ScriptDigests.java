package shop.order.store;

/** By what Redis, and whoever listens on the way to it, knows a script. */
public final class ScriptDigests {

  private ScriptDigests() {}

  /** The digest of the {@link Script} of that name. */
  public static String of(String script) {
    return Script.valueOf(script).digest();
  }
}
