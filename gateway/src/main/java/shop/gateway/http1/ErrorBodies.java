package shop.gateway.http1;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import shop.common.problem.StatusProblems;
import shop.common.trace.TraceContext;

/**
 * Gives an error without a body the problem details of its status. Reactor Netty answers what it
 * cannot parse (400, 414, 431) by itself, ahead of all filters, and with an empty body.
 */
final class ErrorBodies extends ChannelOutboundHandlerAdapter {

  private static final int FIRST_ERROR = 400;

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    if (msg instanceof FullHttpResponse response && isEmptyError(response)) {
      response.release();
      var described = response(response.status(), detail(response.status()));
      keepOtherHeaders(response.headers(), described.headers());
      var _ = ctx.write(described, promise);
    } else {
      var _ = ctx.write(msg, promise);
    }
  }

  private static boolean isEmptyError(FullHttpResponse response) {
    return response.status().code() >= FIRST_ERROR
        && StatusProblems.exists(HttpStatusCode.valueOf(response.status().code()))
        && !response.content().isReadable()
        && !response.headers().contains(HttpHeaderNames.CONTENT_TYPE);
  }

  /** A response with problem details, after which the connection is closed. */
  static FullHttpResponse response(HttpResponseStatus status, String detail) {
    byte[] body =
        StatusProblems.of(HttpStatusCode.valueOf(status.code()))
            .detail(detail)
            .with("traceId", TraceContext.fresh().traceId())
            .json();
    var response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    return response;
  }

  private static void keepOtherHeaders(HttpHeaders from, HttpHeaders to) {
    for (var header : from) {
      if (!to.contains(header.getKey())
          && !HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(header.getKey())) {
        to.add(header.getKey(), header.getValue());
      }
    }
    if (!from.contains(HttpHeaderNames.CONNECTION)) {
      to.remove(HttpHeaderNames.CONNECTION);
    }
  }

  private static String detail(HttpResponseStatus status) {
    if (status.equals(HttpResponseStatus.REQUEST_URI_TOO_LONG)) {
      return "The request line is too long; shorten the path or the query";
    }
    if (status.equals(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)) {
      return "The headers are too large; send fewer or shorter ones";
    }
    return status.equals(HttpResponseStatus.BAD_REQUEST)
        ? "The request is not valid HTTP/1.1"
        : status.reasonPhrase();
  }
}
