package shop.gateway.inbound;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import shop.common.http.BodyHeaders;
import shop.common.problem.Problem;
import shop.common.problem.RequestProblems;
import shop.common.problem.StatusProblems;
import shop.gateway.traffic.Traffic;

/**
 * Reads a body whole before the request goes on: so its size and the time it takes are limited,
 * chunked or not, a slow client holds no connection to a service, and the request can be sent to a
 * second instance.
 */
@Component
public final class RequestBodies implements WebFilter, Ordered {

  private final RequestLimits limits;

  RequestBodies(RequestLimits limits) {
    this.limits = limits;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var request = exchange.getRequest();
    var headers = request.getHeaders();
    if (headers.getContentLength() <= 0 && !headers.containsHeader(HttpHeaders.TRANSFER_ENCODING)) {
      return chain.filter(exchange);
    }
    try {
      BodyHeaders.require(
          headers.getFirst(HttpHeaders.CONTENT_TYPE),
          headers.getOrEmpty(HttpHeaders.CONTENT_ENCODING));
    } catch (Problem problem) {
      return Mono.error(problem);
    }
    if (headers.getContentLength() > limits.maxBody().toBytes()) {
      return Mono.error(RequestProblems.tooLarge(limits.maxBody()));
    }
    return DataBufferUtils.join(request.getBody(), (int) limits.maxBody().toBytes())
        .map(RequestBodies::bytes)
        .defaultIfEmpty(new byte[0])
        .timeout(limits.bodyTimeout(), Mono.error(this::tooSlow))
        .onErrorMap(DataBufferLimitException.class, _ -> RequestProblems.tooLarge(limits.maxBody()))
        .flatMap(body -> {
          if (MalformedBodies.isMalformed(request)) {
            return Mono.error(RequestProblems.malformed("The chunks of the body are malformed"));
          }
          Traffic.of(exchange).received(body.length);
          if (isJson(headers) && !isUtf8(body)) {
            return Mono.error(RequestProblems.malformed("The body is not encoded in UTF-8"));
          }
          return chain.filter(exchange.mutate().request(new Buffered(request, body)).build());
        });
  }

  private static byte[] bytes(DataBuffer buffer) {
    byte[] bytes = new byte[buffer.readableByteCount()];
    buffer.read(bytes);
    DataBufferUtils.release(buffer);
    return bytes;
  }

  private static boolean isJson(HttpHeaders headers) {
    @Nullable String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
    return type != null
        && type.regionMatches(true, 0, "application/", 0, 12)
        && type.contains("json");
  }

  /**
   * True for well-formed UTF-8 (RFC 3629), which excludes overlong forms and surrogates. JSON
   * contains no zero byte, but UTF-16 and UTF-32 do.
   */
  private static boolean isUtf8(byte[] body) {
    for (byte value : body) {
      if (value == 0) {
        return false;
      }
    }
    try {
      var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }

  private Problem tooSlow() {
    return StatusProblems.of(HttpStatus.REQUEST_TIMEOUT)
        .detail(
            "The body did not arrive within "
                + limits.bodyTimeout().toSeconds()
                + " s; the request was not processed and is safe to retry")
        .header(HttpHeaders.CONNECTION, "close");
  }

  /** A request whose body can be read any number of times. */
  private static final class Buffered extends ServerHttpRequestDecorator {

    private final byte[] body;
    private final HttpHeaders headers;

    Buffered(ServerHttpRequest request, byte[] body) {
      super(request);
      this.body = body;
      this.headers = new HttpHeaders();
      headers.putAll(request.getHeaders());
      headers.remove(HttpHeaders.TRANSFER_ENCODING);
      headers.setContentLength(body.length);
    }

    @Override
    public HttpHeaders getHeaders() {
      return headers;
    }

    @Override
    public Flux<DataBuffer> getBody() {
      return Flux.defer(() -> Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(body)));
    }
  }

  /** Runs after the filter that authorizes: bodies of rejected requests are not read. */
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 20;
  }
}
