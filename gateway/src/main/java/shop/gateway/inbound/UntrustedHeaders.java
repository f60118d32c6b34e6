package shop.gateway.inbound;

import java.util.Locale;
import java.util.Set;

/**
 * Request headers that clients must not set: they name a user, a client address or another target,
 * and a server behind the gateway might trust them.
 */
public final class UntrustedHeaders {

  private static final Set<String> NAMES =
      Set.of(
          "forwarded",
          // Servers with CGI take it for the variable HTTP_PROXY.
          "proxy",
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
          "proxy-",
          "x-forwarded-",
          // Netty's notes about an HTTP/2 stream, and what a client could forge of them.
          "x-http2-",
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

  private final Set<String> others;

  /**
   * The headers of this class and more.
   *
   * @param others in lower case, with hyphens
   */
  public UntrustedHeaders(Set<String> others) {
    this.others = others;
  }

  /**
   * True if the header is untrusted. One with an underscore is, because some servers do not tell it
   * from a hyphen: Content_Length.
   */
  public boolean contains(String name) {
    String normalized = name.toLowerCase(Locale.ROOT);
    return normalized.indexOf('_') >= 0
        || NAMES.contains(normalized)
        || others.contains(normalized)
        || PREFIXES.stream().anyMatch(normalized::startsWith);
  }
}
