package shop.common.security;

import io.jsonwebtoken.Claims;
import io.jsonwebtoken.JwsHeader;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.LocatorAdapter;
import java.security.Key;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ConcurrentLruCache;

/**
 * Verifies access tokens: JWTs of type {@code at+jwt} with the claims of RFC 9068, signed with
 * RS256 by one of the published keys.
 */
public final class AccessTokens {

  /** The only type and algorithm that are accepted, so that nothing else can be passed off. */
  public static final String TYPE = "at+jwt";

  public static final String ALGORITHM = "RS256";

  /** Claim names beside the registered ones. */
  public static final String SESSION = "sid";

  public static final String ROLES = "roles";

  /** How long a signature that was checked is believed; then it is checked anew. */
  private static final Duration BELIEVED = Duration.ofMinutes(1);

  private static final int REMEMBERED = 2048;

  private final JwtParser parser;
  private final TokenSettings settings;
  private final Clock clock;
  private final ConcurrentLruCache<String, Verified> verified =
      new ConcurrentLruCache<>(REMEMBERED, this::check);

  public AccessTokens(TokenSettings settings, VerificationKeys keys, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.parser =
        Jwts.parser()
            .keyLocator(new ByKeyId(keys))
            .requireIssuer(settings.issuer())
            .requireAudience(settings.audience())
            .clockSkewSeconds(settings.clockSkew().toSeconds())
            .clock(() -> Date.from(clock.instant()))
            .build();
  }

  /** Whom a token was found to speak for, and until when that is believed. */
  private record Verified(Caller caller, Instant until) {}

  /**
   * Who a token speaks for. A token that comes again is recognised for a minute without checking
   * its signature again.
   *
   * @throws InvalidToken if it is malformed, expired, not ours, or signed by nobody we know
   */
  public Caller verify(String token) {
    var known = verified.get(token);
    if (known.until().isAfter(clock.instant())) {
      return known.caller();
    }
    verified.remove(token);
    return verified.get(token).caller();
  }

  private Verified check(String token) {
    try {
      var jws = parser.parseSignedClaims(token);
      Claims claims = jws.getPayload();
      var caller =
          new Caller(
              UUID.fromString(required(claims.getSubject(), "sub")),
              required(claims.get(SESSION, String.class), SESSION),
              roles(claims));
      return new Verified(caller, believedUntil(claims));
    } catch (JwtException | IllegalArgumentException e) {
      throw new InvalidToken("The access token is not valid", e);
    }
  }

  private Instant believedUntil(Claims claims) {
    if (claims.getExpiration() == null) {
      throw new IllegalArgumentException("exp is missing");
    }
    var end = claims.getExpiration().toInstant().plus(settings.clockSkew());
    var anew = clock.instant().plus(BELIEVED);
    return end.isBefore(anew) ? end : anew;
  }

  private static Set<String> roles(Claims claims) {
    return claims.get(ROLES) instanceof Collection<?> roles
        ? roles.stream().map(String::valueOf).collect(Collectors.toSet())
        : Set.of();
  }

  private static String required(@Nullable String claim, String name) {
    if (claim == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return claim;
  }

  private static final class ByKeyId extends LocatorAdapter<Key> {
    private final VerificationKeys keys;

    ByKeyId(VerificationKeys keys) {
      this.keys = keys;
    }

    @Override
    protected Key locate(JwsHeader header) {
      if (!TYPE.equalsIgnoreCase(header.getType()) || !ALGORITHM.equals(header.getAlgorithm())) {
        throw new IllegalArgumentException("Not an access token of this platform");
      }
      return keys.find(required(header.getKeyId(), "kid"))
          .orElseThrow(() -> new IllegalArgumentException("Signed by an unknown key"));
    }
  }
}
