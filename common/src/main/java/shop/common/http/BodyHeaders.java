package shop.common.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import shop.common.problem.Problem;
import shop.common.problem.RequestProblems;

/** What the headers of a request say about its body: it must be UTF-8 and not compressed. */
public final class BodyHeaders {

  private static final String IDENTITY = "identity";

  private BodyHeaders() {}

  /**
   * Requires UTF-8 and no content coding.
   *
   * @param contentType the value of {@code Content-Type}; null if there is none
   * @param encodings the lines of {@code Content-Encoding}
   * @throws Problem 415
   */
  public static void require(@Nullable String contentType, List<String> encodings) {
    if (contentType != null) {
      requireUtf8(contentType);
    }
    if (!encodings.stream().allMatch(IDENTITY::equalsIgnoreCase)) {
      throw RequestProblems.unsupportedMediaType("Send the body without a Content-Encoding")
          .header(HttpHeaders.ACCEPT_ENCODING, IDENTITY);
    }
  }

  /** JSON is UTF-8 (RFC 8259, 8.1); its media type has no charset, but UTF-8 does no harm. */
  private static void requireUtf8(String contentType) {
    try {
      var charset = MediaType.parseMediaType(contentType).getCharset();
      if (charset != null && !charset.equals(StandardCharsets.UTF_8)) {
        throw RequestProblems.unsupportedMediaType("The body must be UTF-8, not " + charset);
      }
    } catch (InvalidMediaTypeException e) {
      throw RequestProblems.unsupportedMediaType(
          "'Content-Type' is not a media type, or its charset is unknown");
    }
  }
}
