package shop.gateway.http1;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Passes a pipelined request (RFC 9112, section 9.3.2) on when the response before it has ended,
 * and stops reading while one waits. Reactor Netty by itself queues without a limit, and it closes
 * the connection after the next response as soon as a request with {@code Connection: close} has
 * been read, so that the answers in between are lost.
 */
final class PipelinedRequests extends ChannelDuplexHandler {

  private final Responses responses = new Responses();
  private final Deque<Object> waiting = new ArrayDeque<>();
  private boolean answering;
  private boolean readLater;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (mustWait(msg)) {
      waiting.add(msg);
    } else {
      pass(ctx, msg);
    }
  }

  private boolean mustWait(Object message) {
    return !waiting.isEmpty() || (answering && message instanceof HttpRequest);
  }

  private void pass(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest) {
      answering = true;
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    if (responses.endsWith(msg)) {
      // Later than the listeners of this write: Reactor Netty ends the exchange in one of them.
      var _ =
          ctx.write(
              msg, promise.unvoid().addListener(_ -> ctx.executor().execute(() -> answered(ctx))));
    } else {
      var _ = ctx.write(msg, promise);
    }
  }

  private void answered(ChannelHandlerContext ctx) {
    answering = false;
    if (waiting.isEmpty()) {
      return;
    }
    while (!waiting.isEmpty() && !(answering && waiting.peek() instanceof HttpRequest)) {
      pass(ctx, waiting.remove());
    }
    ctx.fireChannelReadComplete();
    if (waiting.isEmpty() && readLater) {
      readLater = false;
      ctx.read();
    }
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (waiting.isEmpty()) {
      ctx.read();
    } else {
      readLater = true;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    ctx.fireChannelInactive();
  }
}
