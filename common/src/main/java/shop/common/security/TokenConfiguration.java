package shop.common.security;

import java.time.Clock;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Verification of access tokens; the gateway provides {@link VerificationKeys} of its own. */
@AutoConfiguration
@EnableConfigurationProperties(TokenSettings.class)
public class TokenConfiguration {

  @Bean
  @ConditionalOnMissingBean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  @ConditionalOnMissingBean
  VerificationKeys verificationKeys(TokenSettings settings, Clock clock) {
    return new PublishedKeys(settings, clock);
  }

  @Bean
  AccessTokens accessTokens(TokenSettings settings, VerificationKeys keys, Clock clock) {
    return new AccessTokens(settings, keys, clock);
  }
}
