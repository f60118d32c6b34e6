package shop.common.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;
import shop.common.http.QueryString;
import shop.common.http.SingleHeaders;
import shop.common.problem.Problem;
import shop.common.problem.ProblemWriter;
import shop.common.problem.RequestProblems;

/**
 * Rejects requests that no endpoint accepts, before they are authenticated: repeated headers, a
 * query that is not UTF-8, a compressed body, another character encoding than UTF-8, a body that is
 * too large. Bodies without a length are limited while they are read.
 */
final class RequestFilter extends OncePerRequestFilter {

  private static final String IDENTITY = "identity";

  private final HttpSettings settings;
  private final ProblemWriter problems = new ProblemWriter();

  RequestFilter(HttpSettings settings) {
    this.settings = settings;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      SingleHeaders.require(name -> lines(request, name).size());
      var _ = QueryString.parse(request.getQueryString());
      requireUtf8(request.getHeader(HttpHeaders.CONTENT_TYPE));
      requireNotEncoded(lines(request, HttpHeaders.CONTENT_ENCODING));
      if (request.getContentLengthLong() > settings.maxBodySize().toBytes()) {
        throw RequestProblems.tooLarge(settings.maxBodySize());
      }
    } catch (Problem problem) {
      problems.write(response, problem);
      return;
    }
    chain.doFilter(hasBody(request) ? new LimitedRequest(request, settings) : request, response);
  }

  private static List<String> lines(HttpServletRequest request, String name) {
    return Collections.list(request.getHeaders(name));
  }

  private static boolean hasBody(HttpServletRequest request) {
    return request.getContentLengthLong() > 0
        || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
  }

  /** JSON is UTF-8 (RFC 8259, 8.1); its media type has no charset, but UTF-8 does no harm. */
  private static void requireUtf8(@Nullable String contentType) {
    if (contentType == null) {
      return;
    }
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

  private static void requireNotEncoded(List<String> encodings) {
    if (!encodings.stream().allMatch(IDENTITY::equalsIgnoreCase)) {
      throw RequestProblems.unsupportedMediaType("Send the body without a Content-Encoding")
          .header(HttpHeaders.ACCEPT_ENCODING, IDENTITY);
    }
  }
}
