package shop.gateway.keys;

import io.jsonwebtoken.security.Jwk;
import io.jsonwebtoken.security.Jwks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.common.json.Json;
import shop.common.security.AccessTokens;

/** Publishes the public keys as a JWK set (RFC 7517). */
@RestController
final class JwksController {

  private static final Duration MAX_AGE = Duration.ofMinutes(5);

  private final SigningKeys keys;

  JwksController(SigningKeys keys) {
    this.keys = keys;
  }

  @GetMapping("/.well-known/jwks.json")
  ResponseEntity<byte[]> published() {
    List<Jwk<?>> all = keys.all().stream().<Jwk<?>>map(JwksController::jwk).toList();
    return ResponseEntity.ok()
        .cacheControl(CacheControl.maxAge(MAX_AGE).cachePublic())
        .contentType(MediaType.APPLICATION_JSON)
        .body(Json.bytes(Map.of("keys", all)));
  }

  private static Jwk<?> jwk(SigningKey key) {
    return Jwks.builder()
        .key(key.publicKey())
        .id(key.id())
        .algorithm(AccessTokens.ALGORITHM)
        .publicKeyUse("sig")
        .build();
  }
}
