package shop.common.testkit;

import com.sun.net.httpserver.HttpServer;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Jwks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import shop.common.json.Json;
import shop.common.security.AccessTokens;
import shop.common.security.Caller;

/** Issues access tokens like the gateway's, and publishes the key as a JWK set over HTTP. */
public final class TestTokens {

  private static final String KEY_ID = "test";
  private static final KeyPair KEYS = Jwts.SIG.RS256.keyPair().build();
  private static final HttpServer SERVER = serve();

  private TestTokens() {}

  /** The URL of the JWK set, for {@code shop.tokens.jwks-uri}. */
  public static String jwksUri() {
    return "http://127.0.0.1:" + SERVER.getAddress().getPort() + "/jwks.json";
  }

  public static String customer(UUID id) {
    return token(id, Set.of(Caller.CUSTOMER));
  }

  public static String admin(UUID id) {
    return token(id, Set.of(Caller.ADMIN));
  }

  /** A token that is valid for five minutes. */
  public static String token(UUID account, Set<String> roles) {
    Instant now = Instant.now();
    return Jwts.builder()
        .header()
        .keyId(KEY_ID)
        .type(AccessTokens.TYPE)
        .and()
        .issuer("shop")
        .audience()
        .add("shop-api")
        .and()
        .subject(account.toString())
        .id(UUID.randomUUID().toString())
        .claim("client_id", "shop")
        .claim(AccessTokens.SESSION, "s-" + account)
        .claim(AccessTokens.ROLES, roles)
        .issuedAt(Date.from(now))
        .expiration(Date.from(now.plus(Duration.ofMinutes(5))))
        .signWith(KEYS.getPrivate(), Jwts.SIG.RS256)
        .compact();
  }

  private static HttpServer serve() {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var jwk = Jwks.builder().key((RSAPublicKey) KEYS.getPublic()).id(KEY_ID).build();
      var set = Map.of("keys", List.of(jwk));
      byte[] body = Json.MAPPER.writeValueAsString(set).getBytes(StandardCharsets.UTF_8);
      server.createContext(
          "/jwks.json",
          exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
