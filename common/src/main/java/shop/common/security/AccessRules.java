package shop.common.security;

import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;

/** A service's authorization rules; requests that no rule matches are denied. */
@FunctionalInterface
public interface AccessRules {

  /** Methods that only read: HEAD and OPTIONS need what GET needs. */
  List<HttpMethod> READING = List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  /** Adds the rules to Spring Security's configuration. */
  void apply(
      AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry
          requests);
}
