package shop.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The connections of a gateway that stops. */
class LastResponsesTest {

  private final AtomicBoolean stopping = new AtomicBoolean();
  private final EmbeddedChannel channel =
      new EmbeddedChannel(new PipelinedRequests(), new LastResponses(stopping::get));

  @Test
  void aResponseEndsItsConnectionOnlyOnceTheGatewayStops() {
    channel.writeInbound(request());
    var before = respond(HttpResponseStatus.OK);
    stopping.set(true);
    channel.writeInbound(request());
    var after = respond(HttpResponseStatus.OK);

    assertThat(before.headers().contains("Connection")).isFalse();
    assertThat(after.headers().get("Connection")).isEqualTo("close");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void anInterimResponseDoesNotEndTheConnection() {
    stopping.set(true);
    channel.writeInbound(request());

    var interim = respond(HttpResponseStatus.EARLY_HINTS);

    assertThat(interim.headers().contains("Connection")).isFalse();
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void aPipelinedRequestThatGetsNoResponseIsNotProcessed() {
    stopping.set(true);
    var first = request();
    var second = request();
    channel.writeInbound(first, second);

    respond(HttpResponseStatus.OK);

    assertThat(passedOn()).isSameAs(first);
    assertThat(passedOn()).isNull();
    assertThat(second.refCnt()).isZero();
  }

  private HttpResponse respond(HttpResponseStatus status) {
    channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status));
    channel.runPendingTasks();
    return channel.readOutbound();
  }

  private Object passedOn() {
    return channel.readInbound();
  }

  private static FullHttpRequest request() {
    return new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
  }
}
