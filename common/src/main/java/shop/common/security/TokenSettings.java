package shop.common.security;

import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How access tokens are verified.
 *
 * @param issuer what {@code iss} must be
 * @param audience what {@code aud} must contain
 * @param jwksUri where the gateway publishes its keys
 * @param jwksTimeout how long a fetch of the keys may take
 * @param clockSkew by how much clocks may differ
 */
@Validated
@ConfigurationProperties("shop.tokens")
public record TokenSettings(
    @NotBlank @DefaultValue("shop") String issuer,
    @NotBlank @DefaultValue("shop-api") String audience,
    @DefaultValue("http://127.0.0.1:8080/.well-known/jwks.json") URI jwksUri,
    @DefaultValue("2s") Duration jwksTimeout,
    @DefaultValue("5s") Duration clockSkew) {}
