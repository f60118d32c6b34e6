package shop.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import javax.net.ssl.SSLSocket;

/** A client that sends HTTP/2 frames of its own choice (RFC 9113), right or wrong. */
final class Http2Client implements AutoCloseable {

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private static final int ACK = 1;
  private static final int READ_TIMEOUT_MS = 30_000;
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  /** A frame from the gateway. */
  record Frame(int type, int flags, int stream, ByteBuf payload) {
    boolean ends() {
      return type == RST_STREAM || ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0);
    }

    /** The error code of RST_STREAM or GOAWAY. */
    int error() {
      return payload.getInt(type == GOAWAY ? 4 : 0);
    }
  }

  /** The answer to a request; status 0 if it was reset before headers. */
  record Response(int status, Http2Headers headers, String body, boolean reset) {}

  private final SSLSocket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();

  /** Connects, and sends the connection preface. */
  Http2Client(Gateway gateway) throws IOException {
    this(gateway, PREFACE);
    send(SETTINGS, 0, 0);
  }

  /** Connects, and sends the beginning of a connection preface. */
  Http2Client(Gateway gateway, String preface) throws IOException {
    socket = TlsSockets.connect(gateway, "h2");
    socket.setSoTimeout(READ_TIMEOUT_MS);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = socket.getOutputStream();
    out.write(preface.getBytes(US_ASCII));
  }

  Http2Client send(int type, int flags, int stream, byte... payload) throws IOException {
    var frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    return write(frame.array());
  }

  Http2Client write(byte... bytes) throws IOException {
    out.write(bytes);
    return this;
  }

  /** Sends HEADERS of a GET. */
  Http2Client get(int stream, String path) throws IOException {
    return send(HEADERS, END_STREAM | END_HEADERS, stream, block("GET", path));
  }

  /** Sends HEADERS of a POST of JSON whose body follows. */
  Http2Client post(int stream, String path, int length) throws IOException {
    return send(
        HEADERS,
        END_HEADERS,
        stream,
        block("POST", path, "content-type", "application/json", "content-length", "" + length));
  }

  byte[] block(String method, String path, String... headers) throws IOException {
    var all = new DefaultHttp2Headers().method(method).path(path).scheme("https").authority("shop");
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], headers[i + 1]);
    }
    var block = Unpooled.buffer();
    try {
      encoder.encodeHeaders(1, all, block);
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
    return ByteBufUtil.getBytes(block);
  }

  /** Resets a stream. */
  Http2Client cancel(int stream) throws IOException {
    return send(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
  }

  /** Reads frames until one matches. */
  Frame await(Predicate<Frame> wanted) throws IOException {
    while (true) {
      var frame = read();
      if (wanted.test(frame)) {
        return frame;
      }
    }
  }

  /** Reads the response to a request until its stream has ended. */
  Response response(int stream) throws IOException {
    Http2Headers headers = new DefaultHttp2Headers();
    var body = new ByteArrayOutputStream();
    while (true) {
      var frame = await(any -> any.stream() == stream);
      if (frame.type() == HEADERS && headers.isEmpty()) {
        headers = headers(frame);
      } else if (frame.type() == DATA) {
        body.write(ByteBufUtil.getBytes(frame.payload()));
      }
      if (frame.ends()) {
        int status = headers.isEmpty() ? 0 : Integer.parseInt(headers.status().toString());
        return new Response(status, headers, body.toString(US_ASCII), frame.type() == RST_STREAM);
      }
    }
  }

  /** Decodes HEADERS; each one once and in order, because the encoding has a state. */
  Http2Headers headers(Frame frame) throws IOException {
    try {
      return decoder.decodeHeaders(frame.stream(), frame.payload());
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
  }

  private Frame read() throws IOException {
    int lengthAndType = in.readInt();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    var frame =
        new Frame(
            lengthAndType & 0xff,
            flags,
            stream,
            Unpooled.wrappedBuffer(in.readNBytes(lengthAndType >>> 8)));
    if (frame.type() == SETTINGS && (flags & ACK) == 0) {
      send(SETTINGS, ACK, 0);
    }
    return frame;
  }

  /** Reads until the gateway closes the connection; the error of its GOAWAY, -1 without one. */
  int awaitClosed() throws IOException {
    int error = -1;
    try {
      while (true) {
        var frame = read();
        if (frame.type() == GOAWAY) {
          error = frame.error();
        }
      }
    } catch (java.net.SocketTimeoutException e) {
      throw e;
    } catch (IOException closed) {
      return error;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
