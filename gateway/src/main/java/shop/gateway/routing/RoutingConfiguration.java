package shop.gateway.routing;

import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.context.annotation.Configuration;

/** Balances every service in the same way. */
@Configuration(proxyBeanMethods = false)
@LoadBalancerClients(defaultConfiguration = Balancing.class)
class RoutingConfiguration {}
