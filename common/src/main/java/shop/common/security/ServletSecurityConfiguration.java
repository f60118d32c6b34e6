package shop.common.security;

import jakarta.servlet.DispatcherType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import shop.common.problem.ProblemWriter;
import shop.common.trace.TraceFilter;

/**
 * Spring Security for services with a servlet API: authentication by bearer tokens, authorization
 * by the service's {@link AccessRules}, and denial of everything else.
 */
@AutoConfiguration(
    after = TokenConfiguration.class,
    beforeName = {
      "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
      "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration"
    })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public class ServletSecurityConfiguration {

  @Bean
  FilterRegistrationBean<TraceFilter> traceFilter() {
    var filter = new FilterRegistrationBean<>(new TraceFilter());
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return filter;
  }

  @Bean
  SecurityFilterChain securityFilterChain(HttpSecurity http, AccessTokens tokens, AccessRules rules)
      throws Exception {
    var problems = new ProblemWriter();
    return http.csrf(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .sessionManagement(AbstractHttpConfigurer::disable)
        .securityContext(
            context -> context.securityContextRepository(new NullSecurityContextRepository()))
        .servletApi(AbstractHttpConfigurer::disable)
        .addFilterBefore(
            new BearerTokenFilter(tokens, problems), UsernamePasswordAuthenticationFilter.class)
        .authorizeHttpRequests(requests -> {
          requests.dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR).permitAll();
          requests
              // The actuator is on the management port alone; here its paths are not found.
              .requestMatchers("/livez", "/readyz", "/actuator/**", "/v3/api-docs/**")
              .permitAll();
          rules.apply(requests);
          requests.anyRequest().denyAll();
        })
        .exceptionHandling(exceptions ->
            exceptions
                .authenticationEntryPoint((_, response, _) -> problems.unauthorized(response, ""))
                .accessDeniedHandler((_, response, _) -> problems.forbidden(response)))
        .build();
  }

  /** Tomcat rejects malformed headers (RFC 9110), so the firewall does not check each one again. */
  @Bean
  HttpFirewall httpFirewall() {
    var firewall = new StrictHttpFirewall();
    firewall.setAllowedHeaderNames(_ -> true);
    firewall.setAllowedHeaderValues(_ -> true);
    return firewall;
  }

  /** Disables observations of each security filter: requests are observed as a whole. */
  @Bean
  SecurityObservationSettings securityObservationSettings() {
    return SecurityObservationSettings.noObservations();
  }

  /** Replaces Spring Boot's default user: callers authenticate by token only. */
  @Bean
  UserDetailsService userDetailsService() {
    return _ -> {
      throw new UsernameNotFoundException("Password authentication is not supported");
    };
  }
}
