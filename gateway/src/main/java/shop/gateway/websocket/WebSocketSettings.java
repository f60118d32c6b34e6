package shop.gateway.websocket;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of WebSockets.
 *
 * @param maxFrame bytes of a frame's payload, in both directions; a larger one closes with 1009
 * @param idleTimeout a WebSocket without a frame in either direction for this long is closed
 * @param handshakeTimeout from the connection to a service to its 101
 * @param maxPerClient open at a time per account, or per address without one, at one gateway
 */
@ConfigurationProperties("shop.websocket")
record WebSocketSettings(
    @DefaultValue("64KB") DataSize maxFrame,
    @DefaultValue("5m") Duration idleTimeout,
    @DefaultValue("5s") Duration handshakeTimeout,
    @DefaultValue("20") int maxPerClient) {

  private static final int LEAST_FRAME = 125;
  private static final int LARGEST_FRAME = 16 << 20;

  WebSocketSettings {
    if (maxFrame.toBytes() < LEAST_FRAME || maxFrame.toBytes() > LARGEST_FRAME) {
      throw new IllegalArgumentException("shop.websocket.max-frame must be 125 bytes to 16 MB");
    }
    if (idleTimeout.toMillis() < 1 || handshakeTimeout.toMillis() < 1 || maxPerClient < 1) {
      throw new IllegalArgumentException(
          "shop.websocket.idle-timeout and handshake-timeout must be at least 1 ms, max-per-client at least 1");
    }
  }

  int maxFrameBytes() {
    return (int) maxFrame.toBytes();
  }
}
