package shop.gateway.http1;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import shop.gateway.inbound.RequestLimits;

/**
 * Limits the time from a request's first byte to the end of its head, and from there to the end of
 * its body, however slowly bytes arrive. A late head is answered with 408. A late body is answered
 * by {@link shop.gateway.inbound.RequestBodies}; here the connection is closed if the rest of a
 * body that nobody waits for is still missing a little later. Used by the connection's event loop
 * only.
 */
final class RequestTimeouts {

  /** Time for which the 408 of a late body may be written before the connection is closed. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final RequestLimits limits;
  private boolean receiving;
  private int unanswered;
  private @Nullable Future<?> deadline;

  RequestTimeouts(RequestLimits limits) {
    this.limits = limits;
  }

  /** The handler before the codec: notices the first byte of a request. */
  ChannelHandler bytes() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (!receiving) {
          receiving = true;
          schedule(ctx, limits.headTimeout(), () -> headIsLate(ctx));
        }
        ctx.fireChannelRead(msg);
      }

      @Override
      public void channelInactive(ChannelHandlerContext ctx) {
        cancel();
        ctx.fireChannelInactive();
      }
    };
  }

  /** The handler after the codec: notices the end of head, body and response. */
  ChannelHandler messages() {
    return new ChannelDuplexHandler() {
      private final Responses responses = new Responses();

      @Override
      public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof HttpRequest) {
          unanswered++;
          receiving = true;
          schedule(
              ctx,
              limits.bodyTimeout().plus(GRACE),
              () -> {
                var _ = ctx.close();
              });
        }
        if (msg instanceof LastHttpContent) {
          receiving = false;
          cancel();
        }
        ctx.fireChannelRead(msg);
      }

      @Override
      public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (responses.endsWith(msg)) {
          unanswered--;
        }
        var _ = ctx.write(msg, promise);
      }
    };
  }

  private void headIsLate(ChannelHandlerContext ctx) {
    if (unanswered > 0) {
      // The head of a pipelined request: the response before it is not cut off.
      schedule(ctx, limits.headTimeout(), () -> headIsLate(ctx));
      return;
    }
    var response =
        ErrorBodies.response(
            HttpResponseStatus.REQUEST_TIMEOUT,
            "The head of the request did not arrive within "
                + limits.headTimeout().toSeconds()
                + " s");
    var _ =
        ctx.pipeline()
            .context("shop.timeouts")
            .writeAndFlush(response)
            .addListener(ChannelFutureListener.CLOSE);
  }

  private void schedule(ChannelHandlerContext ctx, Duration delay, Runnable action) {
    cancel();
    deadline = ctx.executor().schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void cancel() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }
}
