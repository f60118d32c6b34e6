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
 * The load balancer of one service. Spring Cloud creates a context of this configuration for each
 * service that a route names. To use another algorithm, replace the {@link ReactorLoadBalancer}.
 */
final class LoadBalancerConfiguration {

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
