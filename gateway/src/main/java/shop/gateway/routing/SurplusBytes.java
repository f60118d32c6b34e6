package shop.gateway.routing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.client.HttpClientResponse;

/**
 * Keeps a connection out of the pool if a service has sent more than its response: the next request
 * would get those bytes. Used by the connection's event loop only.
 *
 * <p>Bytes that arrive while no request is under way close the connection. Bytes that arrive in one
 * read with the end of a response are found before that end is passed on, because the connection
 * returns to the pool with it. Informational responses are dropped: Reactor Netty takes each of
 * them but 100 for the response itself. A response that cannot be decoded fails the exchange with a
 * {@link MalformedResponseException}, in its head or in its body, and closes the connection.
 */
final class SurplusBytes {

  /**
   * Passed to the codec after a response: it skips empty lines ahead of a status line (RFC 9112,
   * section 2.2), but with any other bytes that it holds they form the head of a response.
   */
  private static final ByteBuf EMPTY_LINES =
      Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\r\n\r\n", US_ASCII));

  private boolean reading;
  private boolean informational;
  private @Nullable Object end;
  private @Nullable ChannelHandlerContext afterCodec;
  private boolean surplus;

  private SurplusBytes() {}

  /** Adds the handlers to a connection of HTTP/1.x. */
  static void detect(Channel channel) {
    var pipeline = channel.pipeline();
    if (pipeline.get(NettyPipeline.HttpCodec) != null) {
      var handlers = new SurplusBytes();
      pipeline.addBefore(NettyPipeline.HttpCodec, "shop.bytes", handlers.new BeforeCodec());
      pipeline.addAfter(NettyPipeline.HttpCodec, "shop.end", handlers.new AfterCodec());
    }
  }

  private final class BeforeCodec extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      if (ChannelOperations.get(ctx.channel()) == null) {
        ReferenceCountUtil.release(msg);
        var _ = ctx.close();
        return;
      }
      reading = true;
      ctx.fireChannelRead(msg);
      if (end != null) {
        ctx.fireChannelRead(EMPTY_LINES.duplicate());
      }
      reading = false;
      passEnd();
    }
  }

  private final class AfterCodec extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      if (end != null) {
        surplus = true;
        ReferenceCountUtil.release(msg);
        return;
      }
      if (msg instanceof HttpResponse response) {
        informational = isInformational(response.status());
        refuseUnaskedUpgrade(ctx, response);
      }
      if (msg instanceof HttpObject object && object.decoderResult().isFailure()) {
        fail(ctx, object, new MalformedResponseException(object.decoderResult().cause()));
      }
      if (informational) {
        ReferenceCountUtil.release(msg);
        var _ = ctx.read();
      } else if (msg instanceof LastHttpContent && reading) {
        end = msg;
        afterCodec = ctx;
      } else {
        ctx.fireChannelRead(msg);
      }
    }

    /** Otherwise the bytes that follow would be of a protocol that the client does not speak. */
    private static void refuseUnaskedUpgrade(ChannelHandlerContext ctx, HttpResponse response) {
      if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)
          && ChannelOperations.get(ctx.channel()) instanceof HttpClientResponse exchange
          && !exchange.requestHeaders().contains(HttpHeaderNames.UPGRADE)) {
        fail(ctx, response, new MalformedResponseException("nobody asked for an upgrade"));
      }
    }

    /** Fails the exchange; the codec understands nothing more on this connection. */
    private static void fail(
        ChannelHandlerContext ctx, HttpObject message, MalformedResponseException failure) {
      message.setDecoderResult(DecoderResult.failure(failure));
      @Nullable ChannelOperations<?, ?> exchange = ChannelOperations.get(ctx.channel());
      if (exchange != null) {
        exchange.markPersistent(false);
      }
    }

    /** True if another response follows (RFC 9110, section 15.2). */
    private static boolean isInformational(HttpResponseStatus status) {
      return status.codeClass() == HttpStatusClass.INFORMATIONAL
          && !status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
    }
  }

  private void passEnd() {
    @Nullable Object message = end;
    @Nullable ChannelHandlerContext ctx = afterCodec;
    if (message == null || ctx == null) {
      return;
    }
    end = null;
    @Nullable ChannelOperations<?, ?> exchange = ChannelOperations.get(ctx.channel());
    if (surplus && exchange != null) {
      exchange.markPersistent(false);
    }
    ctx.fireChannelRead(message);
  }
}
