package shop.order.web;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import shop.common.security.AccessRules;
import shop.common.security.Caller;

/** The roles that each endpoint requires. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

  @Bean
  AccessRules accessRules() {
    return requests -> {
      requests.requestMatchers(AccessRules.reads("/products", "/products/*")).permitAll();
      requests.requestMatchers("/products/**", "/admin/**").hasRole(Caller.ADMIN);
      requests
          .requestMatchers(
              HttpMethod.POST, "/orders/*/refunds", "/orders/*/shipments", "/orders/*/deliveries")
          .hasRole(Caller.ADMIN);
      requests.requestMatchers("/orders", "/orders/**").hasAnyRole(Caller.CUSTOMER, Caller.ADMIN);
    };
  }
}
