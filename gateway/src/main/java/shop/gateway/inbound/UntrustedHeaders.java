package shop.gateway.inbound;

import java.util.Locale;
import java.util.Set;

/**
 * Headers that nobody outside may set: they name a user, a client's address or another target, and
 * something behind the gateway might believe them.
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

  /** Spelled with underscores they are refused too: some servers take both for one. */
  static boolean contains(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replace('_', '-');
    return NAMES.contains(plain) || PREFIXES.stream().anyMatch(plain::startsWith);
  }
}
