package shop.gateway.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;
import reactor.core.publisher.Flux;

/** A GET to a service that shares nothing with the client's exchange, so that it can outlive it. */
final class FillExchange extends ServerWebExchangeDecorator {

  private final Map<String, Object> attributes;
  private final ServerHttpRequest request;
  private final ServerHttpResponse response;

  FillExchange(ServerWebExchange client, FillResponse response) {
    super(client);
    this.attributes = new ConcurrentHashMap<>(client.getAttributes());
    this.request = new Get(client.getRequest());
    this.response = response;
  }

  @Override
  public Map<String, Object> getAttributes() {
    return attributes;
  }

  @Override
  public ServerHttpRequest getRequest() {
    return request;
  }

  @Override
  public ServerHttpResponse getResponse() {
    return response;
  }

  private static final class Get extends ServerHttpRequestDecorator {
    Get(ServerHttpRequest request) {
      super(request);
    }

    @Override
    public HttpMethod getMethod() {
      return HttpMethod.GET;
    }

    @Override
    public Flux<DataBuffer> getBody() {
      return Flux.empty();
    }
  }
}
