package shop.gateway.traffic;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.netty.Connection;

/**
 * Records each request when its response is written. It is outside all filters and the rendering of
 * errors, so that hits of the cache and refusals are recorded with the status that clients see.
 */
@Component
final class TrafficRecorder implements HttpHandlerDecoratorFactory {

  /** Checks of health and, on the management port, scrapes. */
  private static final List<String> UNRECORDED = List.of("/livez", "/readyz", "/actuator");

  private final TrafficSettings settings;
  private final TrafficProducer producer;
  private final RouteByPath routes;
  private final Clock clock;

  TrafficRecorder(
      TrafficSettings settings, TrafficProducer producer, RouteByPath routes, Clock clock) {
    this.settings = settings;
    this.producer = producer;
    this.routes = routes;
    this.clock = clock;
  }

  @Override
  public HttpHandler apply(HttpHandler handler) {
    return (request, response) ->
        isSampled() && isRecorded(request.getURI().getRawPath())
            ? record(handler, request, response)
            : handler.handle(request, response);
  }

  private boolean isSampled() {
    return settings.sampling() >= 1
        || ThreadLocalRandom.current().nextDouble() < settings.sampling();
  }

  private static boolean isRecorded(String path) {
    for (var prefix : UNRECORDED) {
      if (path.startsWith(prefix)) {
        return false;
      }
    }
    return true;
  }

  private Mono<Void> record(
      HttpHandler handler, ServerHttpRequest request, ServerHttpResponse response) {
    var traffic = new Traffic(clock.instant(), System.nanoTime());
    return handler
        .handle(request, new CountedResponse(response, traffic))
        .doFinally(end -> send(traffic, request, response, end));
  }

  /** 0 if no response was begun; the server takes 200 if none is set. */
  private static int status(ServerHttpResponse response) {
    if (!response.isCommitted()) {
      return 0;
    }
    var status = response.getStatusCode();
    return status == null ? HttpStatus.OK.value() : status.value();
  }

  /**
   * A body of known length that is written; one without a length ends with its terminator alone.
   */
  private static boolean isWhole(ServerHttpResponse response, Traffic traffic) {
    long length = response.getHeaders().getContentLength();
    return length >= 0 && traffic.hasWritten(length);
  }

  private static boolean isConnected(ServerHttpRequest request) {
    Connection client = ServerHttpRequestDecorator.getNativeRequest(request);
    return client.channel().isActive();
  }

  private void send(
      Traffic traffic, ServerHttpRequest request, ServerHttpResponse response, SignalType end) {
    producer.send(
        traffic.record(
            settings.gateway(),
            request.getMethod().name(),
            status(response),
            end,
            isWhole(response, traffic) || isConnected(request),
            System.nanoTime(),
            routes));
  }
}
