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
 * The keys that the gateway publishes (RFC 7517), fetched when first needed, when an unknown id
 * turns up, and when they have grown old. While the gateway is away the known ones stay good.
 */
public final class PublishedKeys implements VerificationKeys {

  private static final Logger log = LoggerFactory.getLogger(PublishedKeys.class);
  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(1);
  private static final Parser<JwkSet> PARSER = Jwks.setParser().build();

  private final TokenSettings settings;
  private final Clock clock;
  private final HttpClient http;
  private volatile Fetched fetched = new Fetched(Map.of(), Instant.MIN);
  private Instant lastTry = Instant.MIN;

  public PublishedKeys(TokenSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.http = HttpClient.newBuilder().connectTimeout(settings.jwksTimeout()).build();
  }

  @Override
  public Optional<PublicKey> find(String keyId) {
    var known = fetched;
    @Nullable PublicKey key = known.keys().get(keyId);
    if (key != null && clock.instant().isBefore(known.at().plus(LIFE))) {
      return Optional.of(key);
    }
    return Optional.ofNullable(refreshed().get(keyId));
  }

  private synchronized Map<String, PublicKey> refreshed() {
    Instant now = clock.instant();
    if (now.isBefore(lastTry.plus(BETWEEN_FETCHES)) && !fetched.keys().isEmpty()) {
      return fetched.keys();
    }
    lastTry = now;
    try {
      fetched = new Fetched(fetch(), now);
    } catch (IOException | RuntimeException e) {
      if (fetched.keys().isEmpty()) {
        throw new KeysUnavailable(
            "The keys at " + settings.jwksUri() + " cannot be fetched; is the gateway up?", e);
      }
      log.warn("The keys at {} cannot be fetched; the known ones stay", settings.jwksUri(), e);
    }
    return fetched.keys();
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

  private record Fetched(Map<String, PublicKey> keys, Instant at) {}
}
