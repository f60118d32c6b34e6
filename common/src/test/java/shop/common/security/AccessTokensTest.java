package shop.common.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jsonwebtoken.JwtBuilder;
import io.jsonwebtoken.Jwts;
import java.net.URI;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import shop.common.testkit.TestTokens;

class AccessTokensTest {

  private static final Instant NOW = Instant.parse("2026-11-21T09:30:00Z");
  private static final KeyPair KEYS = Jwts.SIG.RS256.keyPair().build();
  private static final UUID ADA = UUID.randomUUID();

  private final Map<String, PublicKey> publicKeys = Map.of("k1", KEYS.getPublic());
  private final AccessTokens tokens =
      new AccessTokens(
          settings("http://127.0.0.1:1/jwks.json"),
          id -> Optional.ofNullable(publicKeys.get(id)),
          Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void aValidTokenYieldsItsCaller() {
    assertThat(tokens.verify(valid().signWith(KEYS.getPrivate(), Jwts.SIG.RS256).compact()))
        .isEqualTo(new Caller(ADA, "s1", Set.of("CUSTOMER")));
  }

  static Stream<Arguments> invalidTokens() {
    return Stream.of(
        invalid("expired", t -> t.expiration(Date.from(NOW.minusSeconds(60)))),
        invalid("of another issuer", t -> t.issuer("evil")),
        invalid("for another audience", t -> t.claim("aud", Set.of("other"))),
        invalid("without subject", t -> t.subject(null)),
        invalid("without session", t -> t.claim(AccessTokens.SESSION, null)),
        invalid("of another type", t -> t.header().type("JWT").and()),
        invalid("of an unknown key", t -> t.header().keyId("k2").and()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalidTokens")
  void aTokenWithAWrongClaimOrHeaderIsRejected(String name, UnaryOperator<JwtBuilder> change) {
    var forged = change.apply(valid()).signWith(KEYS.getPrivate(), Jwts.SIG.RS256).compact();

    assertThatExceptionOfType(InvalidToken.class).as(name).isThrownBy(() -> tokens.verify(forged));
  }

  @Test
  void aTokenWithAnotherSignatureOrNoneIsRejected() {
    var otherKeys = Jwts.SIG.RS256.keyPair().build();
    var signed = valid().signWith(otherKeys.getPrivate(), Jwts.SIG.RS256).compact();
    var unsigned = valid().compact();
    var symmetric =
        valid()
            .signWith(
                new SecretKeySpec(KEYS.getPublic().getEncoded(), "HmacSHA256"), Jwts.SIG.HS256)
            .compact();

    for (var token : new String[] {signed, unsigned, symmetric, "", "a.b.c", "nonsense"}) {
      assertThatExceptionOfType(InvalidToken.class).isThrownBy(() -> tokens.verify(token));
    }
  }

  @Test
  void aVerifiedTokenIsCachedForAMinuteAndNotBeyondItsExpiry() {
    var time = new AtomicReference<>(NOW);
    var keyLookups = new AtomicInteger();
    var caching =
        new AccessTokens(
            settings("http://127.0.0.1:1/jwks.json"),
            id -> {
              keyLookups.incrementAndGet();
              return Optional.ofNullable(publicKeys.get(id));
            },
            new MovingClock(time));
    var token =
        valid()
            .expiration(Date.from(NOW.plusSeconds(90)))
            .signWith(KEYS.getPrivate(), Jwts.SIG.RS256)
            .compact();

    caching.verify(token);
    time.set(NOW.plusSeconds(59));
    caching.verify(token);
    assertThat(keyLookups).hasValue(1);
    time.set(NOW.plusSeconds(60));
    caching.verify(token);
    assertThat(keyLookups).hasValue(2);

    time.set(NOW.plusSeconds(200));
    assertThatExceptionOfType(InvalidToken.class).isThrownBy(() -> caching.verify(token));
  }

  /** A clock that the test sets. */
  private static final class MovingClock extends Clock {
    private final AtomicReference<Instant> time;

    MovingClock(AtomicReference<Instant> time) {
      this.time = time;
    }

    @Override
    public Instant instant() {
      return time.get();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void aTokenWithoutExpiryIsRejected() {
    var unlimited = valid().expiration(null).signWith(KEYS.getPrivate(), Jwts.SIG.RS256).compact();

    assertThatExceptionOfType(InvalidToken.class).isThrownBy(() -> tokens.verify(unlimited));
  }

  @Test
  void keysAreFetchedFromTheJwksUri() {
    var fetching =
        new AccessTokens(
            settings(TestTokens.jwksUri()),
            new PublishedKeys(settings(TestTokens.jwksUri()), Clock.systemUTC()),
            Clock.systemUTC());

    assertThat(fetching.verify(TestTokens.admin(ADA)).isAdmin()).isTrue();
  }

  @Test
  void lookupFailsIfNoKeysCanBeFetchedAndNoneAreCached() {
    var settings = settings("http://127.0.0.1:1/jwks.json");
    var keys = new PublishedKeys(settings, Clock.systemUTC());

    assertThatExceptionOfType(KeysUnavailable.class).isThrownBy(() -> keys.find("k1"));
  }

  private static JwtBuilder valid() {
    return Jwts.builder()
        .header()
        .keyId("k1")
        .type(AccessTokens.TYPE)
        .and()
        .issuer("shop")
        .audience()
        .add("shop-api")
        .and()
        .subject(ADA.toString())
        .claim(AccessTokens.SESSION, "s1")
        .claim(AccessTokens.ROLES, Set.of("CUSTOMER"))
        .expiration(Date.from(NOW.plusSeconds(60)));
  }

  private static Arguments invalid(String name, UnaryOperator<JwtBuilder> change) {
    return Arguments.of(name, change);
  }

  private static TokenSettings settings(String uri) {
    return new TokenSettings(
        "shop", "shop-api", URI.create(uri), Duration.ofSeconds(1), Duration.ofSeconds(5));
  }
}
