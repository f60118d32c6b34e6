package shop.gateway.inbound;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.http.server.HttpServerRequest;
import shop.common.http.AcceptedTypes;
import shop.common.http.SingleHeaders;
import shop.common.problem.Problem;
import shop.common.problem.RequestProblems;
import shop.common.problem.StatusProblems;

/** Headers that must occur once, or not more than once (RFC 9110, section 5.3; RFC 9112, 3.2). */
final class HeaderRules {

  /** A registered name or an IP address, and a port (RFC 3986, section 3.2). */
  private static final Pattern HOST =
      Pattern.compile("(?:[\\w.~%!$&'()*+,;=-]+|\\[[0-9A-Fa-f:.]+])(?::\\d{0,5})?");

  private HeaderRules() {}

  /**
   * Requires at most one value of each of these headers, a valid Host, no other transfer coding
   * than chunked, and an Accept that a response can satisfy.
   *
   * @throws Problem 400, 501 for the transfer coding, or 406 for Accept
   */
  static void check(ServerHttpRequest request) {
    SingleHeaders.require(name -> request.getHeaders().getOrEmpty(name).size());
    ConnectionHeaders.check(request.getHeaders());
    checkTransferCoding(request.getHeaders().getFirst(HttpHeaders.TRANSFER_ENCODING));
    @Nullable String host = request.getHeaders().getFirst(HttpHeaders.HOST);
    if (host == null ? requiresHost(request) : !HOST.matcher(host).matches()) {
      throw RequestProblems.malformed("The header Host is missing or is not a host");
    }
    try {
      var _ = AcceptedTypes.parse(request.getHeaders().getOrEmpty(HttpHeaders.ACCEPT));
    } catch (IllegalArgumentException e) {
      throw StatusProblems.of(HttpStatus.NOT_ACCEPTABLE).detail(e.getMessage());
    }
  }

  /** Netty has made sure that chunked is the last one, so the body's end is known. */
  private static void checkTransferCoding(@Nullable String coding) {
    if (coding != null && !coding.equalsIgnoreCase("chunked")) {
      throw StatusProblems.of(HttpStatus.NOT_IMPLEMENTED)
          .detail("The only supported transfer coding is 'chunked'; send the body without others");
    }
  }

  /** HTTP/1.0 knows no Host; HTTP/2 has it in {@code :authority}. */
  private static boolean requiresHost(ServerHttpRequest request) {
    HttpServerRequest netty = ServerHttpRequestDecorator.getNativeRequest(request);
    return netty.version().majorVersion() == 1 && netty.version().minorVersion() > 0;
  }
}
