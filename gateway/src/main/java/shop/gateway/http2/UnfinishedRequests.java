package shop.gateway.http2;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Resets a stream whose response has ended and whose request has not, a little later (RFC 9113,
 * section 8.1). Reactor Netty leaves it open, and open streams are limited: a client whose requests
 * are refused before it has sent their bodies could soon send no more. Placed between Netty's codec
 * and its multiplexer.
 */
public final class UnfinishedRequests extends ChannelOutboundHandlerAdapter {

  /** Time for a client that is still sending to read the response first. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    if (msg instanceof Http2StreamFrame frame && endsStream(frame)) {
      var stream = frame.stream();
      var _ = ctx.write(msg, promise.unvoid().addListener(_ -> responded(ctx, stream)));
    } else {
      var _ = ctx.write(msg, promise);
    }
  }

  private static boolean endsStream(Http2StreamFrame frame) {
    return (frame instanceof Http2DataFrame data && data.isEndStream())
        || (frame instanceof Http2HeadersFrame headers && headers.isEndStream());
  }

  private static void responded(ChannelHandlerContext ctx, Http2FrameStream stream) {
    if (isUnfinished(stream)) {
      var _ =
          ctx.executor()
              .schedule(() -> reset(ctx, stream), GRACE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static void reset(ChannelHandlerContext ctx, Http2FrameStream stream) {
    if (isUnfinished(stream)) {
      var _ = ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR).stream(stream));
    }
  }

  private static boolean isUnfinished(Http2FrameStream stream) {
    return stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL;
  }
}
