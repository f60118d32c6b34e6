package shop.gateway.docs;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** The content type and the security headers of all HTML pages. */
final class HtmlPages {

  /** No resources from other hosts, no inline scripts or styles, no framing. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private HtmlPages() {}

  static ResponseEntity.BodyBuilder withHeaders(ResponseEntity.BodyBuilder response) {
    return response
        .contentType(MediaType.valueOf("text/html;charset=UTF-8"))
        .header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer");
  }
}
