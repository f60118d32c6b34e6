package shop.gateway.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.Consumer;
import reactor.netty.NettyPipeline;

/** Acts on a connection when it is known whether it speaks HTTP/1.1 or HTTP/2. */
public final class NegotiatedProtocol extends ChannelInboundHandlerAdapter {

  private final Consumer<Channel> http1;
  private final Consumer<Channel> http2;

  private NegotiatedProtocol(Consumer<Channel> http1, Consumer<Channel> http2) {
    this.http1 = http1;
    this.http2 = http2;
  }

  /**
   * Calls one of the consumers when the codec of HTTP is in the channel's pipeline: now without
   * TLS, after the handshake with it. To be called when the channel is initialized.
   */
  public static void onceKnown(Channel channel, Consumer<Channel> http1, Consumer<Channel> http2) {
    var pipeline = channel.pipeline();
    if (pipeline.get(NettyPipeline.H2OrHttp11Codec) == null) {
      http1.accept(channel);
    } else {
      pipeline.addAfter(
          NettyPipeline.H2OrHttp11Codec, "shop.protocol", new NegotiatedProtocol(http1, http2));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
      var pipeline = ctx.pipeline();
      boolean isHttp2 = pipeline.get(NettyPipeline.H2MultiplexHandler) != null;
      (isHttp2 ? http2 : http1).accept(ctx.channel());
      pipeline.remove(this);
    }
    ctx.fireUserEventTriggered(event);
  }
}
