package shop.common.openapi;

import java.time.Duration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.common.problem.Problem;

/**
 * Serves the OpenAPI document of a service, the resource {@code openapi.json}. It is generated from
 * the code and committed, so that the service needs no generator at run time.
 */
@RestController
final class OpenApiController {

  static final String DOCUMENT = "openapi.json";

  private static final CacheControl CACHE =
      CacheControl.maxAge(Duration.ofMinutes(1)).cachePublic();

  private final Resource document = new ClassPathResource(DOCUMENT);

  @GetMapping(path = "/v3/api-docs", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Resource> document() {
    if (!document.exists()) {
      throw Problem.notFound("This service has no OpenAPI document");
    }
    return ResponseEntity.ok().cacheControl(CACHE).body(document);
  }
}
