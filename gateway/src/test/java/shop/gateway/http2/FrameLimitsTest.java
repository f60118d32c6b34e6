package shop.gateway.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send slowly without ever stopping, or more control frames than they need. */
class FrameLimitsTest {

  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int PING = 6;
  private static final int CONTINUATION = 9;
  private static final int END_HEADERS = 4;

  private final EmbeddedChannel channel = new EmbeddedChannel();

  @BeforeEach
  void addHandler() {
    channel.freezeTime();
    channel.pipeline().addLast(new FrameLimits(Duration.ofSeconds(10), 3));
  }

  @Test
  void aPrefaceThatArrivesByteByByteClosesTheConnection() {
    trickle(PREFACE, 9);
    assertThat(channel.isOpen()).isTrue();

    advance(1);

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void headersThatArriveInEverMoreContinuationsCloseTheConnection() {
    send(PREFACE);
    send(frame(HEADERS, 0, 5));
    for (int second = 0; second < 9; second++) {
      advance(1);
      send(frame(CONTINUATION, 0, 5));
    }
    assertThat(channel.isOpen()).isTrue();

    advance(1);

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void eachFrameHasItsOwnTime() {
    send(PREFACE);
    for (int i = 0; i < 10; i++) {
      byte[] data = frame(DATA, 0, 100);
      send(Arrays.copyOf(data, 50));
      advance(9);
      send(Arrays.copyOfRange(data, 50, data.length));
    }
    send(frame(HEADERS, END_HEADERS, 5));
    advance(1000);

    assertThat(channel.isOpen()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 9, 10, 1000})
  void controlFramesAreCountedHoweverTheyAreCut(int size) {
    var all = Unpooled.buffer();
    all.writeBytes(PREFACE).writeBytes(frame(HEADERS, END_HEADERS, 70));
    all.writeBytes(frame(PING, 0, 8)).writeBytes(frame(PING, 0, 8)).writeBytes(frame(PING, 0, 8));
    byte[] allowed = new byte[all.readableBytes()];
    all.getBytes(0, allowed);
    while (all.isReadable()) {
      send(bytes(all.readSlice(Math.min(size, all.readableBytes()))));
    }
    assertThat(channel.isOpen()).isTrue();
    assertThat(passedOn()).isEqualTo(allowed);

    send(frame(PING, 0, 8));

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void controlFramesAreForgottenAfter30Seconds() {
    send(PREFACE);
    for (int i = 0; i < 30; i++) {
      send(frame(PING, 0, 8));
      advance(11);
    }

    assertThat(channel.isOpen()).isTrue();
  }

  private static byte[] frame(int type, int flags, int length) {
    byte[] frame = new byte[9 + length];
    frame[2] = (byte) length;
    frame[3] = (byte) type;
    frame[4] = (byte) flags;
    return frame;
  }

  private void trickle(byte[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      send(bytes[i]);
      advance(1);
    }
  }

  private void send(byte... bytes) {
    channel.writeInbound(Unpooled.wrappedBuffer(bytes));
  }

  private byte[] passedOn() {
    var all = Unpooled.buffer();
    for (ByteBuf bytes = channel.readInbound(); bytes != null; bytes = channel.readInbound()) {
      all.writeBytes(bytes);
    }
    return bytes(all);
  }

  private static byte[] bytes(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.getBytes(buffer.readerIndex(), bytes);
    return bytes;
  }

  private void advance(int seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
  }
}
