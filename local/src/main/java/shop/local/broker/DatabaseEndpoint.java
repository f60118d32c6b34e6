package shop.local.broker;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import shop.local.os.LaunchException;

/**
 * The address of a PostgreSQL database, and the credentials of one of its users.
 *
 * @param servers {@code host:port}, several separated by commas
 * @param database its name
 * @param parameters of the connection as in a URL, for example {@code ?sslmode=require}, or empty
 */
public record DatabaseEndpoint(
    String servers, String database, String parameters, String user, String password) {
  private static final Pattern URL =
      Pattern.compile("postgres(?:ql)?://([^:@/]+):([^@/]+)@([^/?]+)/([^/?]+)(\\?.*)?");

  /**
   * The database that a connection URI of PostgreSQL names.
   *
   * @param url {@code postgresql://user:password@host:port/database?parameters}
   * @throws LaunchException if it has another form
   */
  static DatabaseEndpoint parse(String url) {
    var parts = URL.matcher(url);
    if (!parts.matches()) {
      // Without the value, because it may contain a password.
      throw new LaunchException(
          "DATABASE_URL must have the form postgresql://user:password@host:port/database, with the credentials of an administrator.");
    }
    var parameters = parts.group(5) == null ? "" : parts.group(5);
    return new DatabaseEndpoint(
        parts.group(3),
        parts.group(4),
        parameters,
        decoded(parts.group(1)),
        decoded(parts.group(2)));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** For JDBC, without the credentials. */
  public String url() {
    return "jdbc:postgresql://" + servers + "/" + database + parameters;
  }

  /** The same database with another user. */
  DatabaseEndpoint as(String otherUser, String otherPassword) {
    return new DatabaseEndpoint(servers, database, parameters, otherUser, otherPassword);
  }

  /** Another database of the same server with the same user. */
  DatabaseEndpoint database(String other) {
    return new DatabaseEndpoint(servers, other, parameters, user, password);
  }
}
