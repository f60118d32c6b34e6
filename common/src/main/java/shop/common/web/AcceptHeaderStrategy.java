package shop.common.web;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.ContentNegotiationStrategy;
import org.springframework.web.context.request.NativeWebRequest;

/**
 * The media types of {@code Accept}. Responses are UTF-8, so a range with another charset accepts
 * nothing; the number of ranges is limited, because they are sorted and compared with each other.
 */
final class AcceptHeaderStrategy implements ContentNegotiationStrategy {

  /** Spring sorts no more; browsers send less than ten. */
  private static final int MAX_RANGES = 50;

  @Override
  public List<MediaType> resolveMediaTypes(NativeWebRequest request)
      throws HttpMediaTypeNotAcceptableException {
    String @Nullable [] lines = request.getHeaderValues(HttpHeaders.ACCEPT);
    if (lines == null) {
      return MEDIA_TYPE_ALL_LIST;
    }
    var ranges = parse(lines);
    if (ranges.isEmpty()) {
      return MEDIA_TYPE_ALL_LIST;
    }
    var accepted =
        ranges.stream()
            .filter(range ->
                range.getCharset() == null || range.getCharset().equals(StandardCharsets.UTF_8))
            .toList();
    if (accepted.isEmpty()) {
      throw new HttpMediaTypeNotAcceptableException("Responses are UTF-8");
    }
    return accepted;
  }

  private static List<MediaType> parse(String[] lines) throws HttpMediaTypeNotAcceptableException {
    try {
      var ranges = MediaType.parseMediaTypes(List.of(lines));
      if (ranges.size() <= MAX_RANGES) {
        MimeTypeUtils.sortBySpecificity(ranges);
        return ranges;
      }
    } catch (InvalidMediaTypeException e) {
      throw new HttpMediaTypeNotAcceptableException("'Accept' is not a list of media types");
    }
    throw new HttpMediaTypeNotAcceptableException(
        "'Accept' has more than " + MAX_RANGES + " media types");
  }
}
