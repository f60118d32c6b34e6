package shop.gateway.inbound;

import java.util.Locale;
import java.util.Set;

/**
 * Request headers that clients must not set: they name a user, a client address or another target,
 * and a server behind the gateway might trust them.
 */
final class UntrustedHeaders {

  private static final Set<String> NAMES =
      Set.of(
          "forwarded",
          "remote-user",
          "remote-groups",
          "remote-email",
          "remote-name",
          "x-real-ip",
          "x-client-ip",
          "true-client-ip",
          "x-original-url",
          "x-rewrite-url",
          "x-http-method-override",
          "x-ssl-client-cert",
          "x-client-cert");

  private static final Set<String> PREFIXES =
      Set.of(
          "x-forwarded-",
          "x-user",
          "x-auth-",
          "x-authenticated-",
          "x-remote-",
          "x-account",
          "x-customer",
          "x-role",
          "x-principal",
          "x-session",
          "x-jwt-");

  private UntrustedHeaders() {}

  /**
   * True if the header is untrusted, also if it is spelled with underscores: some servers accept
   * both.
   */
  static boolean contains(String name) {
    String normalized = name.toLowerCase(Locale.ROOT).replace('_', '-');
    return NAMES.contains(normalized) || PREFIXES.stream().anyMatch(normalized::startsWith);
  }
}
