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

  /** The only accepted type (RFC 9068): an ID token or any other JWT is rejected. */
  public static final String TYPE = "at+jwt";

  /**
   * The only accepted algorithm: neither an unsigned token nor an HMAC under the public key passes.
   */
  public static final String ALGORITHM = "RS256";

  /** The claim with the session id. */
  public static final String SESSION = "sid";

  /** The claim with the account's roles. */
  public static final String ROLES = "roles";

  /** How long a verified token is cached before its signature is verified again. */
  private static final Duration CACHE_TTL = Duration.ofMinutes(1);

  private static final int CACHE_SIZE = 2048;

  private final JwtParser parser;
  private final TokenSettings settings;
  private final Clock clock;
  private final ConcurrentLruCache<String, VerifiedToken> cache =
      new ConcurrentLruCache<>(CACHE_SIZE, this::parse);

  /** Verifies tokens with the given keys; reads the time from the clock. */
  public AccessTokens(TokenSettings settings, VerificationKeys keys, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.parser =
        Jwts.parser()
            .keyLocator(new KeyIdLocator(keys))
            .requireIssuer(settings.issuer())
            .requireAudience(settings.audience())
            .clockSkewSeconds(settings.clockSkew().toSeconds())
            .clock(() -> Date.from(clock.instant()))
            .build();
  }

  /** The caller of a verified token, and until when the cache may return it. */
  private record VerifiedToken(Caller caller, Instant cachedUntil) {}

  /**
   * Verifies a token and returns its caller. The result is cached for a minute, but not beyond the
   * token's expiry.
   *
   * @throws InvalidToken if the token is malformed or expired, has another type, issuer or
   *     audience, or is signed with an unknown key
   */
  public Caller verify(String token) {
    var cached = cache.get(token);
    if (cached.cachedUntil().isAfter(clock.instant())) {
      return cached.caller();
    }
    cache.remove(token);
    return cache.get(token).caller();
  }

  private VerifiedToken parse(String token) {
    try {
      var jws = parser.parseSignedClaims(token);
      Claims claims = jws.getPayload();
      var caller =
          new Caller(
              UUID.fromString(required(claims.getSubject(), "sub")),
              required(claims.get(SESSION, String.class), SESSION),
              roles(claims));
      return new VerifiedToken(caller, cachedUntil(claims));
    } catch (JwtException | IllegalArgumentException e) {
      throw new InvalidToken("The access token is not valid", e);
    }
  }

  private Instant cachedUntil(Claims claims) {
    if (claims.getExpiration() == null) {
      throw new IllegalArgumentException("exp is missing");
    }
    var expiry = claims.getExpiration().toInstant().plus(settings.clockSkew());
    var cacheEnd = clock.instant().plus(CACHE_TTL);
    return expiry.isBefore(cacheEnd) ? expiry : cacheEnd;
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

  /** Looks up the verification key by the header {@code kid}, for accepted types and algorithms. */
  private static final class KeyIdLocator extends LocatorAdapter<Key> {
    private final VerificationKeys keys;

    KeyIdLocator(VerificationKeys keys) {
      this.keys = keys;
    }

    @Override
    protected Key locate(JwsHeader header) {
      if (!TYPE.equalsIgnoreCase(header.getType()) || !ALGORITHM.equals(header.getAlgorithm())) {
        throw new IllegalArgumentException("The type or the algorithm is not accepted");
      }
      return keys.find(required(header.getKeyId(), "kid"))
          .orElseThrow(
              () -> new IllegalArgumentException("The token is signed with an unknown key"));
    }
  }
}
