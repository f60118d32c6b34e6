package shop.sandbox.ledger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads the complete lines of a file from its start, as bytes without the line end; an incomplete
 * last line is omitted.
 */
final class LedgerReader {

  private final FileChannel channel;
  private final byte[] chunk = new byte[1 << 16];
  private long position;
  private int next;
  private int limit;

  LedgerReader(FileChannel channel) {
    this.channel = channel;
  }

  byte @Nullable [] next() throws IOException {
    var line = new ByteArrayOutputStream(1024);
    while (next < limit || fill()) {
      int end = next;
      while (end < limit && chunk[end] != '\n') {
        end++;
      }
      line.write(chunk, next, end - next);
      next = end + 1;
      if (end < limit) {
        return line.toByteArray();
      }
    }
    return null;
  }

  private boolean fill() throws IOException {
    int read = channel.read(ByteBuffer.wrap(chunk), position);
    if (read <= 0) {
      return false;
    }
    position += read;
    next = 0;
    limit = read;
    return true;
  }
}
