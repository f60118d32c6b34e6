package shop.gateway.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the time that a frame and a block of headers take to arrive, however slowly bytes do, and
 * the number of control frames, each of which costs the server a response or bookkeeping and the
 * client almost nothing. A connection over a limit is closed with GOAWAY. It reads the bytes before
 * the codec, which reports a frame only when it is complete (RFC 9113, section 4.1).
 */
public final class FrameLimits extends ChannelInboundHandlerAdapter {

  private static final Logger log = LoggerFactory.getLogger(FrameLimits.class);

  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final int PREFACE = 24;
  private static final int HEADER = 9;

  private static final int TYPE_DATA = 0;
  private static final int TYPE_HEADERS = 1;
  private static final int TYPE_PRIORITY = 2;
  private static final int TYPE_SETTINGS = 4;
  private static final int TYPE_PING = 6;
  private static final int TYPE_CONTINUATION = 9;
  private static final int FLAG_END_HEADERS = 4;

  private final Duration frameTimeout;
  private final int maxControlFrames;

  private final byte[] header = new byte[HEADER];
  private int headerBytes;
  private int skip = PREFACE;
  private boolean inHeaders;
  private boolean closed;
  private long unit;
  private long timedUnit = -1;
  private @Nullable Future<?> deadline;

  private int controlFrames;
  private long windowStart;

  /**
   * Limits of one connection.
   *
   * @param frameTimeout from a frame's first byte to its last, and from the first byte of headers
   *     to the end of their last continuation
   * @param maxControlFrames PING, SETTINGS, PRIORITY and unknown frames in 30 s
   */
  public FrameLimits(Duration frameTimeout, int maxControlFrames) {
    this.frameTimeout = frameTimeout;
    this.maxControlFrames = maxControlFrames;
  }

  /** The client has to send its connection preface, although it has not begun it. */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    windowStart = ctx.executor().ticker().nanoTime();
    limitTime(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (closed) {
      ReferenceCountUtil.release(msg);
      return;
    }
    if (msg instanceof ByteBuf bytes) {
      int end = bytes.writerIndex();
      for (int at = bytes.readerIndex(); at < end; ) {
        at = skip > 0 ? skip(at, end) : headerByte(ctx, bytes.getByte(at), at);
      }
      limitTime(ctx);
    }
    ctx.fireChannelRead(msg);
  }

  private int skip(int at, int end) {
    int skipped = Math.min(skip, end - at);
    skip -= skipped;
    if (skip == 0 && !inHeaders) {
      unit++;
    }
    return at + skipped;
  }

  private int headerByte(ChannelHandlerContext ctx, byte value, int at) {
    header[headerBytes++] = value;
    if (headerBytes == HEADER) {
      headerBytes = 0;
      skip = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff);
      frame(ctx, header[3], header[4]);
      if (skip == 0 && !inHeaders) {
        unit++;
      }
    }
    return at + 1;
  }

  private void frame(ChannelHandlerContext ctx, int type, int flags) {
    switch (type) {
      case TYPE_HEADERS, TYPE_CONTINUATION -> inHeaders = (flags & FLAG_END_HEADERS) == 0;
      case TYPE_PRIORITY, TYPE_SETTINGS, TYPE_PING -> countControlFrame(ctx);
      default -> {
        if (type < TYPE_DATA || type > TYPE_CONTINUATION) {
          countControlFrame(ctx);
        }
      }
    }
  }

  private void countControlFrame(ChannelHandlerContext ctx) {
    long now = ctx.executor().ticker().nanoTime();
    if (now - windowStart > WINDOW.toNanos()) {
      windowStart = now;
      controlFrames = 0;
    }
    controlFrames++;
    if (controlFrames == maxControlFrames + 1) {
      close(ctx, "more than " + maxControlFrames + " control frames in 30 s");
    }
  }

  /** Starts the time limit of the frame or headers that the bytes so far have begun. */
  private void limitTime(ChannelHandlerContext ctx) {
    boolean complete = skip == 0 && headerBytes == 0 && !inHeaders;
    if (!complete && timedUnit == unit) {
      return;
    }
    cancel();
    if (!complete && !closed) {
      timedUnit = unit;
      deadline =
          ctx.executor()
              .schedule(
                  () -> close(ctx, "a frame that did not arrive within " + frameTimeout),
                  frameTimeout.toNanos(),
                  TimeUnit.NANOSECONDS);
    }
  }

  private void close(ChannelHandlerContext ctx, String reason) {
    closed = true;
    log.debug("Closing an HTTP/2 connection because of {}", reason);
    var _ = ctx.channel().writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.ENHANCE_YOUR_CALM));
    // At once: a client that floods may not read the GOAWAY.
    var _ = ctx.close();
  }

  private void cancel() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closed = true;
    cancel();
    ctx.fireChannelInactive();
  }
}
