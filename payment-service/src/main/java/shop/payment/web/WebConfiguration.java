package shop.payment.web;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.common.security.AccessRules;
import shop.common.security.Caller;

/** The roles that may read payments. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

  @Bean
  AccessRules accessRules() {
    return requests ->
        requests
            .requestMatchers(AccessRules.reads("/payments/*"))
            .hasAnyRole(Caller.CUSTOMER, Caller.ADMIN)
            .requestMatchers(AccessRules.reads("/admin/payments/**"))
            .hasRole(Caller.ADMIN);
  }
}
