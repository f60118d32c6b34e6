package shop.common.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import shop.common.problem.Problem;
import shop.common.problem.RequestProblems;

/**
 * A request whose body may be neither larger nor slower than the settings say. Reading throws the
 * {@link Problem}; the container's timeout of a single read is the other limit of time.
 */
final class LimitedRequest extends HttpServletRequestWrapper {

  private final HttpSettings settings;
  private final long startedAt = System.nanoTime();
  private @Nullable ServletInputStream body;

  LimitedRequest(HttpServletRequest request, HttpSettings settings) {
    super(request);
    this.settings = settings;
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    ServletInputStream present = body;
    if (present == null) {
      present = new LimitedBody(super.getInputStream());
      body = present;
    }
    return present;
  }

  @Override
  public BufferedReader getReader() throws IOException {
    return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
  }

  private final class LimitedBody extends ServletInputStream {

    private final ServletInputStream source;
    private long bytes;

    LimitedBody(ServletInputStream source) {
      this.source = source;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count;
      try {
        count = source.read(target, offset, length);
      } catch (SocketTimeoutException e) {
        throw timeout();
      }
      bytes += Math.max(0, count);
      if (bytes > settings.maxBodySize().toBytes()) {
        throw RequestProblems.tooLarge(settings.maxBodySize());
      }
      if (count > 0 && System.nanoTime() - startedAt > settings.bodyTimeout().toNanos()) {
        throw timeout();
      }
      return count;
    }

    private Problem timeout() {
      if (getAttribute(TomcatAbort.ATTRIBUTE) instanceof Runnable abort) {
        abort.run();
      }
      return RequestProblems.timeout();
    }

    @Override
    public int available() throws IOException {
      return source.available();
    }

    @Override
    public boolean isFinished() {
      return source.isFinished();
    }

    @Override
    public boolean isReady() {
      return source.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      source.setReadListener(listener);
    }
  }
}
