package shop.gateway.http1;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.util.ReferenceCountUtil;
import java.util.function.BooleanSupplier;

/**
 * Once the gateway has begun to stop, each response announces {@code Connection: close} and ends
 * its connection (RFC 9112, section 9.6): the client's next request goes to another gateway,
 * instead of into a connection that is about to be closed. A load balancer in TCP mode moves a
 * client only with a new connection.
 */
final class LastResponses extends ChannelDuplexHandler {

  private final BooleanSupplier stopping;
  private final Responses responses = new Responses();
  private boolean last;

  LastResponses(BooleanSupplier stopping) {
    this.stopping = stopping;
  }

  /**
   * A request that was pipelined behind the last one is not processed: nobody would get its
   * response.
   */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (last) {
      ReferenceCountUtil.release(msg);
    } else {
      ctx.fireChannelRead(msg);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    if (msg instanceof HttpResponse response && isFinal(response) && stopping.getAsBoolean()) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      last = true;
    }
    if (responses.endsWith(msg) && last) {
      var _ = ctx.write(msg, promise.unvoid().addListener(ChannelFutureListener.CLOSE));
    } else {
      var _ = ctx.write(msg, promise);
    }
  }

  private static boolean isFinal(HttpResponse response) {
    return response.status().codeClass() != HttpStatusClass.INFORMATIONAL;
  }
}
