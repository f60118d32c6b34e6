package shop.gateway.discovery;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Splits chunks of bytes into lines. A last line without its end is no line. Not thread-safe. */
final class Lines {
  private final int max;
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

  /**
   * Nothing has been read.
   *
   * @param max bytes of a line
   */
  Lines(int max) {
    this.max = max;
  }

  /**
   * The lines that end in a chunk.
   *
   * @throws LookUpFailedException if a line is too long
   */
  List<byte[]> split(byte[] chunk) {
    var lines = new ArrayList<byte[]>();
    int from = 0;
    for (int at = 0; at < chunk.length; at++) {
      if (chunk[at] == '\n') {
        append(chunk, from, at);
        lines.add(begun.toByteArray());
        begun.reset();
        from = at + 1;
      }
    }
    append(chunk, from, chunk.length);
    return lines;
  }

  private void append(byte[] chunk, int from, int to) {
    if (begun.size() + (to - from) > max) {
      throw new LookUpFailedException("an answer has more than " + max + " bytes", null);
    }
    begun.write(chunk, from, to - from);
  }
}
