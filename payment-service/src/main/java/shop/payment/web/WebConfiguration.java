package shop.payment.web;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import shop.common.security.AccessRules;
import shop.common.security.Caller;

/** The roles that may read payments. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

  @Bean
  AccessRules accessRules() {
    return requests ->
        requests
            .requestMatchers(HttpMethod.GET, "/payments/*")
            .hasAnyRole(Caller.CUSTOMER, Caller.ADMIN)
            .requestMatchers(HttpMethod.GET, "/admin/payments/**")
            .hasRole(Caller.ADMIN);
  }
}
