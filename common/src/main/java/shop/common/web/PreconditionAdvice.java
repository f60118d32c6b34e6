package shop.common.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;
import shop.common.http.EntityTag;
import shop.common.http.EntityTags;
import shop.common.problem.Problem;

/**
 * The preconditions of GET and HEAD (RFC 9110, 13.1 and 13.2.2) for every response with an ETag:
 * 412 if {@code If-Match} does not match it, 304 if {@code If-None-Match} does.
 */
@RestControllerAdvice
final class PreconditionAdvice implements ResponseBodyAdvice<Object> {

  @Override
  public boolean supports(
      MethodParameter returnType, Class<? extends HttpMessageConverter<?>> converter) {
    return true;
  }

  @Override
  public @Nullable Object beforeBodyWrite(
      @Nullable Object body,
      MethodParameter returnType,
      MediaType contentType,
      Class<? extends HttpMessageConverter<?>> converter,
      ServerHttpRequest request,
      ServerHttpResponse response) {
    @Nullable String tag = response.getHeaders().getETag();
    if (tag == null || !isRead(request.getMethod()) || !isOk(response)) {
      return body;
    }
    var current = new EntityTag(tag.substring(1, tag.length() - 1));
    @Nullable EntityTags match = tags(request, HttpHeaders.IF_MATCH);
    if (match != null && !match.matchStrongly(current)) {
      throw Problem.of(HttpStatus.PRECONDITION_FAILED, "precondition-failed", "Precondition failed")
          .detail("If-Match does not name the current version. Read it without If-Match");
    }
    @Nullable EntityTags noneMatch = tags(request, HttpHeaders.IF_NONE_MATCH);
    if (noneMatch == null || !noneMatch.matchWeakly(current)) {
      return body;
    }
    response.setStatusCode(HttpStatus.NOT_MODIFIED);
    response.getHeaders().remove(HttpHeaders.CONTENT_TYPE);
    return null;
  }

  private static boolean isRead(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  private static boolean isOk(ServerHttpResponse response) {
    return response instanceof ServletServerHttpResponse servlet
        && servlet.getServletResponse().getStatus() == HttpStatus.OK.value();
  }

  private static @Nullable EntityTags tags(ServerHttpRequest request, String header) {
    List<String> lines = request.getHeaders().getOrEmpty(header);
    return lines.isEmpty() ? null : EntityTags.parse(header, String.join(",", lines));
  }
}
