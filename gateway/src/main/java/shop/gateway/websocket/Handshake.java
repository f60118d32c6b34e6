package shop.gateway.websocket;

import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.http.server.HttpServerRequest;
import shop.common.problem.RequestProblems;

/** The opening handshake of a client (RFC 6455, section 4.2.1). */
final class Handshake {

  static final String VERSION = "Sec-WebSocket-Version";
  private static final String SUPPORTED = "13";
  private static final int KEY_BYTES = 16;

  private Handshake() {}

  /**
   * True if a request offers to open a WebSocket. A server may ignore it (RFC 9110, section 7.8).
   * HTTP/2 has no such header; the extended CONNECT of RFC 8441 is not supported.
   */
  static boolean isOffered(ServerHttpRequest request) {
    return "websocket".equalsIgnoreCase(request.getHeaders().getFirst(HttpHeaders.UPGRADE))
        && isHttp11(request);
  }

  private static boolean isHttp11(ServerHttpRequest request) {
    HttpServerRequest netty = ServerHttpRequestDecorator.getNativeRequest(request);
    return netty.version().equals(io.netty.handler.codec.http.HttpVersion.HTTP_1_1);
  }

  /**
   * Requires a valid handshake.
   *
   * @throws shop.common.problem.Problem 400
   */
  static void require(ServerHttpRequest request) {
    var headers = request.getHeaders();
    if (!HttpMethod.GET.equals(request.getMethod())
        || headers.getContentLength() > 0
        || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING)) {
      throw RequestProblems.malformed("A WebSocket is opened by GET without a body");
    }
    if (headers.getConnection().stream().noneMatch("upgrade"::equalsIgnoreCase)) {
      throw RequestProblems.malformed("A WebSocket is opened with Connection: Upgrade");
    }
    if (!List.of(SUPPORTED).equals(headers.getOrEmpty(VERSION))) {
      throw RequestProblems.malformed("The only version of WebSocket that is supported is 13")
          .header(VERSION, SUPPORTED);
    }
    var keys = headers.getOrEmpty("Sec-WebSocket-Key");
    if (keys.size() != 1 || !isKey(keys.getFirst())) {
      throw RequestProblems.malformed("Sec-WebSocket-Key must be 16 bytes in Base64");
    }
  }

  private static boolean isKey(String text) {
    try {
      return Base64.getDecoder().decode(text).length == KEY_BYTES;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** The subprotocols that the client offers, separated by commas; null if it offers none. */
  static @Nullable String subprotocols(ServerHttpRequest request) {
    var offered = request.getHeaders().getOrEmpty("Sec-WebSocket-Protocol");
    return offered.isEmpty() ? null : String.join(",", offered);
  }
}
