package shop.gateway.keys;

import io.jsonwebtoken.Jwts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import org.springframework.stereotype.Component;
import shop.common.security.AccessTokens;
import shop.common.security.TokenSettings;
import shop.gateway.accounts.Account;

/** Issues access tokens: signed JWTs (RFC 9068) with the account's session and roles. */
@Component
public final class AccessTokenIssuer {

  private static final String CLIENT = "shop";

  private final SigningKeys keys;
  private final TokenSettings tokens;
  private final Duration life;
  private final Clock clock;

  AccessTokenIssuer(SigningKeys keys, TokenSettings tokens, KeySettings settings, Clock clock) {
    this.keys = keys;
    this.tokens = tokens;
    this.life = settings.tokenLife();
    this.clock = clock;
  }

  /** How long an access token is valid. */
  public Duration life() {
    return life;
  }

  /** Signs an access token for a session of an account. */
  public String issue(Account account, String sessionId) {
    Instant now = clock.instant();
    var key = keys.current();
    return Jwts.builder()
        .header()
        .keyId(key.id())
        .type(AccessTokens.TYPE)
        .and()
        .issuer(tokens.issuer())
        .audience()
        .add(tokens.audience())
        .and()
        .subject(account.id().toString())
        .id(UUID.randomUUID().toString())
        .claim("client_id", CLIENT)
        .claim(AccessTokens.SESSION, sessionId)
        .claim(AccessTokens.ROLES, account.roles())
        .issuedAt(Date.from(now))
        .expiration(Date.from(now.plus(life)))
        .signWith(key.privateKey(), Jwts.SIG.RS256)
        .compact();
  }
}
