package shop.gateway.inbound;

import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.accept.RequestedContentTypeResolverBuilder;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ServerWebExchange;
import shop.common.http.AcceptedTypes;

/** Reads {@code Accept} by {@link AcceptedTypes} at the gateway's own endpoints. */
@Configuration(proxyBeanMethods = false)
class AcceptConfiguration implements WebFluxConfigurer {

  @Override
  public void configureContentTypeResolver(RequestedContentTypeResolverBuilder builder) {
    builder.resolver(AcceptConfiguration::accepted);
  }

  private static List<MediaType> accepted(ServerWebExchange exchange) {
    try {
      return AcceptedTypes.parse(exchange.getRequest().getHeaders().getOrEmpty(HttpHeaders.ACCEPT));
    } catch (IllegalArgumentException e) {
      throw new NotAcceptableStatusException(String.valueOf(e.getMessage()));
    }
  }
}
