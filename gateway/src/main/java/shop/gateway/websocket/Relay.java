package shop.gateway.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * Passes frames between a client and a service as they are, also pings, pongs and fragments, each
 * after the one before has been written: who reads slowly slows the other side down. Ends when one
 * side has closed, or is gone, and the other has been sent a close frame.
 */
final class Relay {

  /** Time for which a close frame waits for a side that does not read. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /** One side. */
  record Side(WebsocketInbound in, WebsocketOutbound out) {

    void disconnect() {
      in.withConnection(Connection::dispose);
    }
  }

  private final Side client;
  private final Side service;
  private final Duration idleTimeout;

  Relay(Side client, Side service, Duration idleTimeout) {
    this.client = client;
    this.service = service;
    this.idleTimeout = idleTimeout;
  }

  /**
   * Passes frames until one side closes. Both directions are kept until the close has been sent: to
   * cancel one would close its side without a code.
   *
   * @param end closes both sides earlier
   */
  Mono<Void> run(Mono<Close> end) {
    var ending = Sinks.<Mono<Void>>one();
    var passing =
        Mono.when(
            pass(client, service, Close.CLIENT_LOST)
                .doOnNext(close -> ending.tryEmitValue(send(close, service))),
            pass(service, client, Close.SERVICE_LOST)
                .doOnNext(close -> ending.tryEmitValue(send(close, client))),
            Mono.firstWithSignal(end, idle())
                .doOnNext(close ->
                    ending.tryEmitValue(Mono.when(send(close, client), send(close, service)))));
    return Mono.firstWithSignal(
            ending.asMono().flatMap(Function.identity()), passing.then(Mono.never()))
        .doFinally(_ -> {
          client.disconnect();
          service.disconnect();
        });
  }

  /** Passes the frames of one side; the result is why they end. */
  private static Mono<Close> pass(Side from, Side to, Close lost) {
    return from.in()
        .receiveFrames()
        .map(WebSocketFrame::retain)
        .concatMap(frame -> to.out().sendObject(frame).then(), 0)
        .then(Mono.defer(from.in()::receiveCloseStatus))
        .map(status -> Close.of(status, lost))
        .defaultIfEmpty(lost)
        .onErrorResume(failure -> Mono.just(Close.of(failure, lost)));
  }

  private static Mono<Void> send(Close close, Side to) {
    return close.send(to.out()).timeout(CLOSE_TIMEOUT).onErrorComplete();
  }

  /** Frames of the service are written to the client: its connection sees those of both. */
  private Mono<Close> idle() {
    var idle = Sinks.<Close>one();
    client
        .in()
        .withConnection(connection ->
            connection.addHandlerLast(
                "shop.idle", new IdleHandler(idleTimeout, () -> idle.tryEmitValue(Close.IDLE))));
    return idle.asMono();
  }

  private static final class IdleHandler extends IdleStateHandler {

    private final Runnable action;

    IdleHandler(Duration timeout, Runnable action) {
      super(0, 0, timeout.toMillis(), TimeUnit.MILLISECONDS);
      this.action = action;
    }

    @Override
    protected void channelIdle(ChannelHandlerContext ctx, IdleStateEvent evt) {
      action.run();
    }
  }
}
