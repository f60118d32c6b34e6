package shop.gateway.routing;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ReactorLoadBalancer;
import org.springframework.cloud.loadbalancer.core.RoundRobinLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.cloud.loadbalancer.support.SimpleObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * How one service is balanced: a context of its own for each service that a route names. Another
 * algorithm is another {@link ReactorLoadBalancer} here.
 */
final class Balancing {

  @Bean
  ServiceInstanceListSupplier instances(Environment environment, InstanceSettings settings) {
    String service = LoadBalancerClientFactory.getName(environment);
    return new ConfiguredInstances(service, settings.of(service));
  }

  @Bean
  ReactorLoadBalancer<ServiceInstance> algorithm(ServiceInstanceListSupplier instances) {
    return new RoundRobinLoadBalancer(
        new SimpleObjectProvider<>(instances), instances.getServiceId());
  }
}
