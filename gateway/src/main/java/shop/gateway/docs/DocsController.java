package shop.gateway.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import shop.common.json.Json;
import shop.common.problem.Problem;

/**
 * Serves the OpenAPI document of all APIs and a Swagger UI page for it. The gateway serves every
 * resource of the page; the content security policy forbids any other source.
 */
@RestController
class DocsController {

  private static final CacheControl ONE_HOUR =
      CacheControl.maxAge(Duration.ofHours(1)).cachePublic();
  private static final CacheControl ONE_MINUTE =
      CacheControl.maxAge(Duration.ofMinutes(1)).cachePublic();

  private static final URI PAGE = URI.create("/docs");

  private final ApiDocument document;

  DocsController(ApiDocument document) {
    this.document = document;
  }

  /** A static file of the page. */
  private record PageFile(Resource resource, MediaType type) {

    static PageFile own(String name, String type) {
      return new PageFile(new ClassPathResource("docs/" + name), MediaType.valueOf(type));
    }

    static PageFile ofSwaggerUi(String name, String type) {
      return new PageFile(new ClassPathResource(SwaggerUi.FOLDER + name), MediaType.valueOf(type));
    }
  }

  /** The files of the page; located on the first request for one of them. */
  private static final class SwaggerUi {

    static final String FOLDER = "META-INF/resources/webjars/swagger-ui/" + version() + "/";

    static final Map<String, PageFile> FILES =
        Map.of(
            "page.css", PageFile.own("page.css", "text/css"),
            "page.js", PageFile.own("page.js", "text/javascript"),
            "swagger-ui.css", PageFile.ofSwaggerUi("swagger-ui.css", "text/css"),
            "swagger-ui-bundle.js", PageFile.ofSwaggerUi("swagger-ui-bundle.js", "text/javascript"),
            "favicon.png", PageFile.ofSwaggerUi("favicon-32x32.png", "image/png"));

    private static String version() {
      var properties = new Properties();
      try (var in =
          new ClassPathResource("META-INF/maven/org.webjars/swagger-ui/pom.properties")
              .getInputStream()) {
        properties.load(in);
        return properties.getProperty("version");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @GetMapping("/v3/api-docs")
  Mono<ResponseEntity<byte[]>> document() {
    return document
        .get()
        .map(merged -> {
          var response = ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON);
          response.cacheControl(
              merged.has(MergedDocument.LEFT_OUT) ? CacheControl.noStore() : ONE_MINUTE);
          return response.body(Json.bytes(merged));
        });
  }

  /** Leads a browser to the page; for other clients there is no resource at this path. */
  @GetMapping("/")
  ResponseEntity<Void> start(
      @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = "") String accept) {
    if (!accept.contains(MediaType.TEXT_HTML_VALUE)) {
      throw Problem.notFound("No resource exists at this path");
    }
    return ResponseEntity.status(HttpStatus.SEE_OTHER).location(PAGE).build();
  }

  @GetMapping("/docs/")
  ResponseEntity<Void> pageWithSlash() {
    return ResponseEntity.status(HttpStatus.PERMANENT_REDIRECT).location(PAGE).build();
  }

  @GetMapping("/docs")
  ResponseEntity<Resource> page() {
    return HtmlPages.withHeaders(ResponseEntity.ok())
        .cacheControl(ONE_HOUR)
        .body(new ClassPathResource("docs/index.html"));
  }

  @GetMapping("/docs/{name}")
  ResponseEntity<Resource> file(@PathVariable String name) {
    @Nullable PageFile file = SwaggerUi.FILES.get(name);
    if (file == null) {
      throw Problem.notFound("No resource exists at this path");
    }
    return ResponseEntity.ok()
        .cacheControl(ONE_HOUR)
        .header("X-Content-Type-Options", "nosniff")
        .contentType(file.type())
        .body(file.resource());
  }
}
