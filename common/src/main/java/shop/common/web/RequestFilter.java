package shop.common.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import shop.common.http.BodyHeaders;
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
      BodyHeaders.require(
          request.getHeader(HttpHeaders.CONTENT_TYPE),
          lines(request, HttpHeaders.CONTENT_ENCODING));
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
}
