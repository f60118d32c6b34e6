package shop.gateway.routing;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.ReferenceCountUtil;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;

/**
 * Keeps a connection to a service out of the pool unless its last response has certainly ended. The
 * client cannot see the end of a response that has no body by definition: a service that is still
 * at work on it, or sends a body after all, would give its bytes to the next request.
 */
@Component
final class UpstreamConnections implements HttpClientCustomizer {

  @Override
  public HttpClient customize(HttpClient client) {
    return client
        .doOnRequest(UpstreamConnections::closeAfterHead)
        .doOnResponse(UpstreamConnections::closeAfterMisdeclaredBody)
        .doOnChannelInit((_, channel, _) -> closeOnUnexpectedBytes(channel));
  }

  private static void closeAfterHead(HttpClientRequest request, Connection connection) {
    if (request.method().equals(HttpMethod.HEAD)) {
      request.header(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      connection.markPersistent(false);
    }
  }

  private static void closeAfterMisdeclaredBody(
      HttpClientResponse response, Connection connection) {
    var status = response.status();
    boolean bodiless =
        status.equals(HttpResponseStatus.NO_CONTENT)
            || status.equals(HttpResponseStatus.NOT_MODIFIED);
    if (bodiless && response.responseHeaders().contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      connection.markPersistent(false);
    }
  }

  private static void closeOnUnexpectedBytes(Channel channel) {
    if (channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
      channel
          .pipeline()
          .addBefore(NettyPipeline.HttpCodec, "shop.unexpected", new UnexpectedBytes());
    }
  }

  /** Closes a connection on which bytes arrive while no request is sent on it. */
  private static final class UnexpectedBytes extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      if (ChannelOperations.get(ctx.channel()) == null) {
        ReferenceCountUtil.release(msg);
        var _ = ctx.close();
      } else {
        ctx.fireChannelRead(msg);
      }
    }
  }
}
