package shop.gateway.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import shop.gateway.inbound.RequestLimits;

/** Clients that send slowly without ever stopping, and those that only wait for a response. */
class RequestTimeoutsTest {

  private static final String GET = "GET / HTTP/1.1\r\nHost: shop\r\n\r\n";
  private static final String POST = "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 999\r\n\r\n";

  private final EmbeddedChannel channel = new EmbeddedChannel();

  @BeforeEach
  void addHandlers() {
    var timeouts =
        new RequestTimeouts(
            new RequestLimits(
                DataSize.ofKilobytes(64), Duration.ofSeconds(10), Duration.ofSeconds(20)));
    channel.freezeTime();
    channel.pipeline().addLast("shop.bytes", timeouts.bytes());
    channel.pipeline().addLast(new HttpServerCodec());
    channel.pipeline().addLast("shop.timeouts", timeouts.messages());
  }

  @Test
  void aHeadThatArrivesByteByByteIs408() {
    send("GET / HTTP/1.1\r\nX: ");
    trickle(9);
    assertThat(channel.isOpen()).isTrue();

    trickle(1);

    assertThat(sent()).startsWith("HTTP/1.1 408 ").contains("/problems/request-timeout");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aBodyThatArrivesByteByByteClosesTheConnection() {
    send(POST);
    trickle(21);
    assertThat(channel.isOpen()).isTrue();

    trickle(1);

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aResponseIsNotCutOffByHalfOfTheNextHead() {
    send(GET);
    send("GET /next");
    advance(100);
    assertThat(channel.isOpen()).isTrue();

    channel.writeOutbound(
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT));
    advance(10);

    assertThat(sent()).startsWith("HTTP/1.1 204 ").contains("HTTP/1.1 408 ");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aConnectionMayWaitForItsResponseAndForItsNextRequest() {
    send(GET);
    advance(1000);
    channel.writeOutbound(
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT));
    advance(1000);

    assertThat(channel.isOpen()).isTrue();
  }

  private void trickle(int seconds) {
    for (int second = 0; second < seconds; second++) {
      send("x");
      advance(1);
    }
  }

  private void send(String bytes) {
    channel.writeInbound(Unpooled.copiedBuffer(bytes, US_ASCII));
  }

  private void advance(int seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
  }

  private String sent() {
    var sent = new StringBuilder();
    for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
      sent.append(bytes.toString(US_ASCII));
      bytes.release();
    }
    return sent.toString();
  }
}
