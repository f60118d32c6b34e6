package shop.common.security;

import io.jsonwebtoken.io.Parser;
import io.jsonwebtoken.security.Jwk;
import io.jsonwebtoken.security.JwkSet;
import io.jsonwebtoken.security.Jwks;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JWK set that the gateway publishes (RFC 7517). It is fetched when first needed, for an
 * unknown key id (at most once a second), and when it is older than 5 minutes. While the gateway is
 * unavailable, the cached keys remain valid.
 */
public final class PublishedKeys implements VerificationKeys {

  private static final Logger log = LoggerFactory.getLogger(PublishedKeys.class);
  private static final Duration CACHE_TTL = Duration.ofMinutes(5);
  private static final Duration MIN_FETCH_INTERVAL = Duration.ofSeconds(1);
  private static final Parser<JwkSet> PARSER = Jwks.setParser().build();

  private final TokenSettings settings;
  private final Clock clock;
  private final HttpClient http;
  private volatile KeySet cached = new KeySet(Map.of(), Instant.MIN);
  private Instant lastFetch = Instant.MIN;

  /** Fetches the keys from {@link TokenSettings#jwksUri}. */
  public PublishedKeys(TokenSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.http = HttpClient.newBuilder().connectTimeout(settings.jwksTimeout()).build();
  }

  @Override
  public Optional<PublicKey> find(String keyId) {
    var current = cached;
    @Nullable PublicKey key = current.keys().get(keyId);
    if (key != null && clock.instant().isBefore(current.fetchedAt().plus(CACHE_TTL))) {
      return Optional.of(key);
    }
    return Optional.ofNullable(refreshed().get(keyId));
  }

  private synchronized Map<String, PublicKey> refreshed() {
    Instant now = clock.instant();
    if (now.isBefore(lastFetch.plus(MIN_FETCH_INTERVAL)) && !cached.keys().isEmpty()) {
      return cached.keys();
    }
    lastFetch = now;
    try {
      cached = new KeySet(fetch(), now);
    } catch (IOException | RuntimeException e) {
      if (cached.keys().isEmpty()) {
        throw new KeysUnavailable(
            "Cannot fetch the JWK set from " + settings.jwksUri() + "; is the gateway running?", e);
      }
      log.warn(
          "Cannot fetch the JWK set from {}; continuing with the cached keys",
          settings.jwksUri(),
          e);
    }
    return cached.keys();
  }

  private Map<String, PublicKey> fetch() throws IOException {
    var request =
        HttpRequest.newBuilder(settings.jwksUri()).timeout(settings.jwksTimeout()).build();
    try {
      var response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      Map<String, PublicKey> keys = new HashMap<>();
      for (Jwk<?> jwk : PARSER.parse(response.body()).getKeys()) {
        if (jwk.toKey() instanceof PublicKey key) {
          keys.put(jwk.getId(), key);
        }
      }
      return Map.copyOf(keys);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private record KeySet(Map<String, PublicKey> keys, Instant fetchedAt) {}
}
