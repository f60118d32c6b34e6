package shop.gateway.cache;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The response of a fill: is read into memory for all who wait, or, if it cannot be stored or is
 * too large, streamed to the client that caused the fill.
 */
final class FillResponse extends ServerHttpResponseDecorator {

  private final Filling filling;
  private final int limit;
  private final HttpHeaders headers = new HttpHeaders();
  private final MultiValueMap<String, ResponseCookie> cookies = new LinkedMultiValueMap<>();
  private final List<Supplier<? extends Mono<Void>>> beforeCommit = new ArrayList<>();
  private @Nullable HttpStatusCode status;
  private boolean committed;
  private volatile boolean streaming;
  private volatile boolean abandoned;

  /**
   * A response that has not begun.
   *
   * @param client of the client that caused the fill
   * @param limit bytes that may be read into memory
   */
  FillResponse(ServerHttpResponse client, Filling filling, int limit) {
    super(client);
    this.filling = filling;
    this.limit = limit;
  }

  /** The client does not wait any more: a stream to it ends, but others may wait for a fill. */
  void abandon(@Nullable Disposable running) {
    abandoned = true;
    if (streaming && running != null) {
      running.dispose();
    }
  }

  @Override
  public boolean setStatusCode(@Nullable HttpStatusCode code) {
    status = code;
    return true;
  }

  @Override
  public @Nullable HttpStatusCode getStatusCode() {
    return status;
  }

  @Override
  public HttpHeaders getHeaders() {
    return headers;
  }

  @Override
  public MultiValueMap<String, ResponseCookie> getCookies() {
    return cookies;
  }

  @Override
  public void addCookie(ResponseCookie cookie) {
    cookies.add(cookie.getName(), cookie);
  }

  @Override
  public void beforeCommit(Supplier<? extends Mono<Void>> action) {
    beforeCommit.add(action);
  }

  @Override
  public boolean isCommitted() {
    return committed;
  }

  @Override
  public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
    return commit(() ->
        status != null && filling.isForMany(status.value(), headers)
            ? capture(status.value(), Flux.from(body))
            : stream(client -> client.writeWith(body)));
  }

  @Override
  public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
    return commit(() -> stream(client -> client.writeAndFlushWith(body)));
  }

  @Override
  public Mono<Void> setComplete() {
    return commit(() -> stream(ServerHttpResponse::setComplete));
  }

  private Mono<Void> commit(Supplier<Mono<Void>> write) {
    return Flux.fromIterable(beforeCommit)
        .concatMap(Supplier::get)
        .then(
            Mono.defer(() -> {
              committed = true;
              return write.get();
            }));
  }

  /** Reads the body up to the limit; a larger one is streamed after all. */
  private Mono<Void> capture(int code, Flux<? extends DataBuffer> body) {
    var size = new Size(limit);
    return body.map(FillResponse::bytes)
        .bufferUntil(size::exceededWith)
        .switchOnFirst((_, parts) ->
            size.exceeded
                ? stream(client ->
                    client.writeWith(parts.concatMapIterable(part -> part).map(this::wrap)))
                : parts
                    .next()
                    .defaultIfEmpty(List.of())
                    .doOnNext(part ->
                        filling.captured(code, headers, ByteBuffer.wrap(joined(part, size.total))))
                    .then())
        .then();
  }

  private Mono<Void> stream(Function<ServerHttpResponse, Mono<Void>> write) {
    streaming = true;
    filling.streamed(status == null ? 0 : status.value());
    if (abandoned) {
      return Mono.error(new CancellationException("No client waits for the response"));
    }
    var client = getDelegate();
    if (status != null) {
      client.setStatusCode(status);
    }
    headers.set(CacheStatus.HEADER, CacheStatus.MISS.value());
    client.getHeaders().putAll(headers);
    cookies.values().forEach(values -> values.forEach(client::addCookie));
    return write.apply(client);
  }

  private DataBuffer wrap(byte[] bytes) {
    return bufferFactory().wrap(bytes);
  }

  private static byte[] bytes(DataBuffer buffer) {
    byte[] bytes = new byte[buffer.readableByteCount()];
    buffer.read(bytes);
    DataBufferUtils.release(buffer);
    return bytes;
  }

  private static byte[] joined(List<byte[]> parts, int size) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    byte[] all = new byte[size];
    int end = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, end, part.length);
      end += part.length;
    }
    return all;
  }

  /** The bytes that have arrived. */
  private static final class Size {
    private final int limit;
    private int total;
    private boolean exceeded;

    Size(int limit) {
      this.limit = limit;
    }

    boolean exceededWith(byte[] part) {
      if (!exceeded) {
        total += part.length;
        exceeded = total > limit;
      }
      return exceeded;
    }
  }
}
