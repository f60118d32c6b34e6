package shop.common.security;

import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;

/** A service's authorization rules; requests that no rule matches are denied. */
@FunctionalInterface
public interface AccessRules {

  /** Adds the rules to Spring Security's configuration. */
  void apply(
      AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry
          requests);
}
