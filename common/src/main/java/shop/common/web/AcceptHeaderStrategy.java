package shop.common.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.ContentNegotiationStrategy;
import org.springframework.web.context.request.NativeWebRequest;
import shop.common.http.AcceptedTypes;

/** Reads {@code Accept} by {@link AcceptedTypes}. */
final class AcceptHeaderStrategy implements ContentNegotiationStrategy {

  @Override
  public List<MediaType> resolveMediaTypes(NativeWebRequest request)
      throws HttpMediaTypeNotAcceptableException {
    String @Nullable [] lines = request.getHeaderValues(HttpHeaders.ACCEPT);
    try {
      return AcceptedTypes.parse(lines == null ? List.of() : List.of(lines));
    } catch (IllegalArgumentException e) {
      throw new HttpMediaTypeNotAcceptableException(String.valueOf(e.getMessage()));
    }
  }
}
