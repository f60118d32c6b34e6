package shop.gateway.docs;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** What all pages have in common. */
final class Pages {

  /** Nothing from other hosts, nothing written into the page, no framing. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private Pages() {}

  static ResponseEntity.BodyBuilder secured(ResponseEntity.BodyBuilder response) {
    return response
        .contentType(MediaType.valueOf("text/html;charset=UTF-8"))
        .header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer");
  }
}
