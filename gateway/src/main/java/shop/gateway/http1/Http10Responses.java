package shop.gateway.http1;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/**
 * A response to HTTP/1.0 is never chunked (RFC 9112, section 6.1): without a length it ends where
 * the connection does.
 */
final class Http10Responses extends ChannelDuplexHandler {

  private final Responses responses = new Responses();
  private boolean http10;
  private boolean closing;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof HttpRequest request) {
      http10 = request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0;
    }
    ctx.fireChannelRead(msg);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    if (http10 && msg instanceof HttpResponse response && isChunked(response)) {
      response.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      closing = true;
    }
    if (responses.endsWith(msg) && closing) {
      var _ = ctx.write(msg, promise.unvoid().addListener(ChannelFutureListener.CLOSE));
    } else {
      var _ = ctx.write(msg, promise);
    }
  }

  private static boolean isChunked(HttpResponse response) {
    return HttpUtil.isTransferEncodingChunked(response);
  }
}
