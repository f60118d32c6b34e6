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
import shop.common.trace.TraceFilter;

/** Deny first: a service opens what its {@link AccessRules} name, to whom they name. */
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
              .requestMatchers("/actuator/health/**", "/actuator/prometheus", "/v3/api-docs/**")
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

  /** Tomcat refuses what is no header (RFC 9110); each value need not be matched once more. */
  @Bean
  HttpFirewall httpFirewall() {
    var firewall = new StrictHttpFirewall();
    firewall.setAllowedHeaderNames(_ -> true);
    firewall.setAllowedHeaderValues(_ -> true);
    return firewall;
  }

  /** A request is measured as a whole, not filter by filter. */
  @Bean
  SecurityObservationSettings securityObservationSettings() {
    return SecurityObservationSettings.noObservations();
  }

  /** There are no users here: tokens are the only way in. */
  @Bean
  UserDetailsService userDetailsService() {
    return _ -> {
      throw new UsernameNotFoundException("No passwords here");
    };
  }
}
