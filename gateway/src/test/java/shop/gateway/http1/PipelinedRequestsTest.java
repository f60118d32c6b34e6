package shop.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;

/** How much is read from a client that sends requests without waiting for responses. */
class PipelinedRequestsTest {

  private final Reads reads = new Reads();
  private final EmbeddedChannel channel = new EmbeddedChannel(reads, new PipelinedRequests());

  @Test
  void requestsArePassedOnOneByOneAndNothingIsReadWhileOneWaits() {
    var first = request();
    var second = request();
    channel.writeInbound(first, second);
    int before = reads.count;

    channel.read();

    assertThat(reads.count).isEqualTo(before);
    assertThat(passedOn()).isSameAs(first);
    assertThat(passedOn()).isNull();

    respond(HttpResponseStatus.EARLY_HINTS);
    assertThat(passedOn()).isNull();
    respond(HttpResponseStatus.OK);
    assertThat(passedOn()).isSameAs(second);
    assertThat(reads.count).isGreaterThan(before);
  }

  @Test
  void whatWaitsIsReleasedWithTheConnection() {
    var waiting = request();
    channel.writeInbound(request(), waiting);

    channel.close().syncUninterruptibly();

    assertThat(waiting.refCnt()).isZero();
  }

  private Object passedOn() {
    return channel.readInbound();
  }

  private void respond(HttpResponseStatus status) {
    channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status));
    channel.runPendingTasks();
  }

  private static FullHttpRequest request() {
    return new DefaultFullHttpRequest(
        HttpVersion.HTTP_1_1, HttpMethod.GET, "/", Unpooled.copiedBuffer(new byte[] {1}));
  }

  private static final class Reads extends ChannelOutboundHandlerAdapter {
    private int count;

    @Override
    public void read(ChannelHandlerContext ctx) {
      count++;
      ctx.read();
    }
  }
}
