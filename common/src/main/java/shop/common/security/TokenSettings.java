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
 * @param issuer required value of {@code iss}
 * @param audience required element of {@code aud}
 * @param jwksUri URL of the gateway's JWK set
 * @param jwksTimeout timeout of fetching the JWK set
 * @param clockSkew tolerated difference between clocks
 */
@Validated
@ConfigurationProperties("shop.tokens")
public record TokenSettings(
    @NotBlank @DefaultValue("shop") String issuer,
    @NotBlank @DefaultValue("shop-api") String audience,
    @DefaultValue("http://127.0.0.1:8080/.well-known/jwks.json") URI jwksUri,
    @DefaultValue("2s") Duration jwksTimeout,
    @DefaultValue("5s") Duration clockSkew) {}
