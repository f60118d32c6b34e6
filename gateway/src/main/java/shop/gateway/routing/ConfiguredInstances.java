package shop.gateway.routing;

import java.net.URI;
import java.util.List;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.RequestDataContext;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Flux;

/**
 * The configured instances of one service, without those that the request has already tried, unless
 * there are no others.
 */
final class ConfiguredInstances implements ServiceInstanceListSupplier {

  private final String service;
  private final List<ServiceInstance> instances;

  ConfiguredInstances(String service, List<URI> urls) {
    this.service = service;
    this.instances = urls.stream().map(url -> instance(service, url)).toList();
  }

  @Override
  public String getServiceId() {
    return service;
  }

  @Override
  public Flux<List<ServiceInstance>> get() {
    return Flux.just(instances);
  }

  @Override
  @SuppressWarnings("rawtypes") // as declared by the interface
  public Flux<List<ServiceInstance>> get(Request request) {
    if (request.getContext() instanceof RequestDataContext context
        && context.getClientRequest() != null) {
      var tried = FailoverFilter.triedInstances(context.getClientRequest().getAttributes());
      var others =
          instances.stream().filter(instance -> !tried.contains(instance.getInstanceId())).toList();
      if (!others.isEmpty()) {
        return Flux.just(others);
      }
    }
    return get();
  }

  private static ServiceInstance instance(String service, URI url) {
    boolean secure = "https".equals(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
    return new DefaultServiceInstance(
        service + "@" + url.getHost() + ":" + port, service, url.getHost(), port, secure);
  }
}
