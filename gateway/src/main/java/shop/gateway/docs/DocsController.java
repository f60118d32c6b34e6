package shop.gateway.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import shop.common.json.Json;
import shop.common.problem.Problem;

/**
 * The description of all APIs, and a page to read and try it. All of the page comes from here, and
 * browsers are told to load nothing else.
 */
@RestController
class DocsController {

  private static final CacheControl ONE_HOUR =
      CacheControl.maxAge(Duration.ofHours(1)).cachePublic();
  private static final CacheControl ONE_MINUTE =
      CacheControl.maxAge(Duration.ofMinutes(1)).cachePublic();

  private final ApiDocument document;

  DocsController(ApiDocument document) {
    this.document = document;
  }

  /** A file of the page. */
  private record File(Resource resource, MediaType type) {

    static File own(String name, String type) {
      return new File(new ClassPathResource("docs/" + name), MediaType.valueOf(type));
    }

    static File ofSwaggerUi(String name, String type) {
      return new File(new ClassPathResource(SwaggerUi.FOLDER + name), MediaType.valueOf(type));
    }
  }

  /** Where the page's parts lie; found when it is first asked for. */
  private static final class SwaggerUi {

    static final String FOLDER = "META-INF/resources/webjars/swagger-ui/" + version() + "/";

    static final Map<String, File> FILES =
        Map.of(
            "page.css", File.own("page.css", "text/css"),
            "page.js", File.own("page.js", "text/javascript"),
            "swagger-ui.css", File.ofSwaggerUi("swagger-ui.css", "text/css"),
            "swagger-ui-bundle.js", File.ofSwaggerUi("swagger-ui-bundle.js", "text/javascript"),
            "favicon.png", File.ofSwaggerUi("favicon-32x32.png", "image/png"));

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

  @GetMapping("/docs")
  ResponseEntity<Resource> page() {
    return Pages.secured(ResponseEntity.ok())
        .cacheControl(ONE_HOUR)
        .body(new ClassPathResource("docs/index.html"));
  }

  @GetMapping("/docs/{file}")
  ResponseEntity<Resource> file(@PathVariable String file) {
    @Nullable File found = SwaggerUi.FILES.get(file);
    if (found == null) {
      throw Problem.notFound("There is nothing at this path");
    }
    return ResponseEntity.ok()
        .cacheControl(ONE_HOUR)
        .header("X-Content-Type-Options", "nosniff")
        .contentType(found.type())
        .body(found.resource());
  }
}
