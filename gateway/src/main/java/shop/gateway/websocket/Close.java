package shop.gateway.websocket;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import reactor.core.publisher.Mono;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * Why a WebSocket ends: code and reason of a close frame (RFC 6455, section 7.4). 1005 stands for a
 * frame without a code, and is never sent.
 */
record Close(int code, String reason) {

  static final Close SESSION_ENDED = new Close(1008, "The session has ended");
  static final Close GATEWAY_STOPS = new Close(1001, "The gateway is stopping");

  /** Service Restart, in the registry of the IANA: the client may connect again, at once. */
  static final Close INSTANCE_DRAINS = new Close(1012, "The instance is stopping; connect again");

  static final Close IDLE = new Close(1001, "Nothing was sent for too long");

  /** Bad Gateway, in the registry of the IANA. */
  static final Close SERVICE_LOST = new Close(1014, "The connection to the service was lost");

  static final Close CLIENT_LOST = new Close(1001, "The client is gone");

  private static final int NO_CODE = 1005;

  /** What one side sent; {@code lost} if its connection ended without a close frame. */
  static Close of(WebSocketCloseStatus status, Close lost) {
    return WebSocketCloseStatus.ABNORMAL_CLOSURE.equals(status) || status.code() < 0
        ? lost
        : new Close(status.code(), status.reasonText());
  }

  /** Why frames of one side could not be read. */
  static Close of(Throwable failure, Close lost) {
    return failure instanceof CorruptedWebSocketFrameException corrupted
        ? new Close(corrupted.closeStatus().code(), corrupted.closeStatus().reasonText())
        : lost;
  }

  /** Sends it and closes the connection. */
  Mono<Void> send(WebsocketOutbound to) {
    return Mono.defer(() -> code == NO_CODE ? to.sendClose() : to.sendClose(code, reason));
  }
}
