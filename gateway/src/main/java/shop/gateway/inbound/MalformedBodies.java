package shop.gateway.inbound;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.util.AttributeKey;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Notices a request body whose chunks are malformed. Reactor Netty answers it with 400 and closes
 * the connection, but may let the body end there, as if it were whole.
 */
public final class MalformedBodies extends ChannelInboundHandlerAdapter {

  private static final AttributeKey<Boolean> MALFORMED =
      AttributeKey.valueOf("shop.malformed-body");

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof HttpContent content && content.decoderResult().isFailure()) {
      ctx.channel().attr(MALFORMED).set(true);
    }
    ctx.fireChannelRead(msg);
  }

  /**
   * True if the body of the request, which has ended, is malformed, or if the connection has ended
   * meanwhile: then it may have ended the body.
   */
  static boolean isMalformed(ServerHttpRequest request) {
    HttpServerRequest netty = ServerHttpRequestDecorator.getNativeRequest(request);
    return netty instanceof Connection connection
        && (!connection.channel().isActive() || connection.channel().hasAttr(MALFORMED));
  }
}
