package shop.gateway.inbound;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which web pages of other origins may call the API (CORS). Credentials are never allowed: tokens
 * are sent as bearer tokens.
 *
 * @param allowedOrigins scheme, host and port, such as {@code https://shop.example}; none by
 *     default
 * @param maxAge how long a browser may cache the answer to a preflight request
 */
@ConfigurationProperties("shop.cors")
record CorsSettings(
    @DefaultValue List<String> allowedOrigins, @DefaultValue("10m") Duration maxAge) {

  CorsSettings {
    allowedOrigins = List.copyOf(allowedOrigins);
    allowedOrigins.forEach(origin -> {
      if (!origin.matches("https?://[^/*]+")) {
        throw new IllegalArgumentException(
            "'%s' in shop.cors.allowed-origins is not an origin; use the form https://host or https://host:port"
                .formatted(origin));
      }
    });
  }
}
