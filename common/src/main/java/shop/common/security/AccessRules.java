package shop.common.security;

import java.util.stream.Stream;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** A service's authorization rules; requests that no rule matches are denied. */
@FunctionalInterface
public interface AccessRules {

  /** Adds the rules to Spring Security's configuration. */
  void apply(
      AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry
          requests);

  /**
   * Matches requests that only read: GET, and HEAD and OPTIONS wherever GET is allowed.
   *
   * @param patterns paths, as in {@code @RequestMapping}
   */
  static RequestMatcher reads(String... patterns) {
    var paths = PathPatternRequestMatcher.withDefaults();
    return new OrRequestMatcher(
        Stream.of(patterns)
            .flatMap(pattern ->
                Stream.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS)
                    .<RequestMatcher>map(method -> paths.matcher(method, pattern)))
            .toList());
  }
}
