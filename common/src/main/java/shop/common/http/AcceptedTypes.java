package shop.common.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;

/**
 * The media types of {@code Accept}. Responses are UTF-8, so a range with another charset accepts
 * nothing; the number of ranges is limited, because they are sorted and compared with each other.
 */
public final class AcceptedTypes {

  /** Spring sorts no more; browsers send less than ten. */
  private static final int MAX_RANGES = 50;

  private AcceptedTypes() {}

  /**
   * Parses the lines of the header.
   *
   * @return the ranges, most specific first; all media types if there is none
   * @throws IllegalArgumentException if no response is acceptable; its message says why
   */
  public static List<MediaType> parse(List<String> lines) {
    var ranges = ranges(lines);
    if (ranges.isEmpty()) {
      return List.of(MediaType.ALL);
    }
    if (ranges.size() > MAX_RANGES) {
      throw new IllegalArgumentException("Accept has more than " + MAX_RANGES + " media types");
    }
    MimeTypeUtils.sortBySpecificity(ranges);
    var accepted =
        ranges.stream()
            .filter(range ->
                range.getCharset() == null || range.getCharset().equals(StandardCharsets.UTF_8))
            .toList();
    if (accepted.isEmpty()) {
      throw new IllegalArgumentException("Responses are UTF-8");
    }
    return accepted;
  }

  private static List<MediaType> ranges(List<String> lines) {
    try {
      return MediaType.parseMediaTypes(lines);
    } catch (InvalidMediaTypeException e) {
      throw new IllegalArgumentException("Accept is not a list of media types", e);
    }
  }
}
