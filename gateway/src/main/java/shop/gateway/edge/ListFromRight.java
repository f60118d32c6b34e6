package shop.gateway.edge;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a header that is a list (RFC 9110, section 5.6.1), the last one first; several
 * lines are one list. What a client has written at the left, such as an open quotation mark, does
 * not change how the elements are read that proxies have appended.
 */
final class ListFromRight {

  private final List<String> lines;
  private int line;
  private int end = -1;

  ListFromRight(List<String> lines) {
    this.lines = lines;
    this.line = lines.size();
  }

  /** The next element to the left, perhaps empty; null if there is none. */
  @Nullable String next() {
    if (end < 0) {
      if (line == 0) {
        return null;
      }
      end = lines.get(--line).length();
    }
    var text = lines.get(line);
    int start = end;
    boolean quoted = false;
    while (start > 0 && (quoted || text.charAt(start - 1) != ',')) {
      start--;
      quoted ^= text.charAt(start) == '"';
    }
    var element = text.substring(start, end).strip();
    end = start - 1;
    return element;
  }
}
