package shop.common.testkit;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.oas.models.media.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.springdoc.core.configuration.SpringDocConfiguration;
import org.springdoc.core.configuration.SpringDocSecurityConfiguration;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.customizers.PropertyCustomizer;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.utils.SpringDocUtils;
import org.springdoc.webmvc.api.OpenApiWebMvcResource;
import org.springdoc.webmvc.core.configuration.MultipleOpenApiSupportConfiguration;
import org.springdoc.webmvc.core.configuration.SpringDocWebMvcConfiguration;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.objenesis.SpringObjenesis;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RestController;
import shop.common.json.Json;
import shop.common.security.Caller;
import shop.common.text.Text;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;

/**
 * Generates the OpenAPI document of a service: paths and schemas from its controllers;
 * descriptions, examples and problems from {@code src/main/openapi.json}. The document is committed
 * in the service's resources, so that a review shows each change of the API and the running service
 * needs no generator. A test fails if it differs from the code; {@code -Dopenapi.write=true}
 * regenerates it.
 */
public final class OpenApi {

  private static final Path COMMITTED = Path.of("src/main/resources/openapi.json");
  private static final Annotation[] NONE = {};
  private static final Path DESCRIPTIONS = Path.of("src/main/openapi.json");

  private OpenApi() {}

  /**
   * The committed document, which the service serves.
   *
   * @throws IOException if it cannot be read
   */
  public static String kept() throws IOException {
    return Files.readString(COMMITTED);
  }

  /** Generates the document of a package's controllers; also writes it if so requested. */
  public static String of(String title, String basePackage) {
    var descriptions = descriptions();
    var generated = generate(basePackage);
    String document =
        Json.MAPPER
                .rebuild()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(new DescribedDocument(generated, descriptions).build(title))
            + "\n";
    if (Boolean.getBoolean("openapi.write")) {
      write(document);
    }
    return document;
  }

  private static JsonNode descriptions() {
    try {
      return Json.MAPPER.readTree(Files.readAllBytes(DESCRIPTIONS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(String document) {
    try {
      Files.writeString(COMMITTED, document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode generate(String basePackage) {
    SpringDocUtils.getConfig()
        .addRequestWrapperToIgnore(Caller.class)
        .replaceWithSchema(JsonNode.class, new Schema<Object>().description("Any JSON."));
    var document = new AtomicReference<JsonNode>();
    new WebApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                JacksonAutoConfiguration.class,
                DispatcherServletAutoConfiguration.class,
                WebMvcAutoConfiguration.class,
                SpringDocConfiguration.class,
                SpringDocConfigProperties.class,
                SpringDocSecurityConfiguration.class,
                SpringDocWebMvcConfiguration.class,
                MultipleOpenApiSupportConfiguration.class))
        .withPropertyValues(
            "springdoc.override-with-generic-response=false",
            "springdoc.writer-with-order-by-keys=true",
            "springdoc.use-fqn=true",
            "springdoc.default-produces-media-type=application/json")
        .withBean(
            OperationCustomizer.class,
            () ->
                (operation, handler) ->
                    operation.operationId(
                        operationId(handler.getBeanType(), handler.getMethod().getName())))
        .withBean(PropertyCustomizer.class, () -> OpenApi::describeText)
        .withInitializer(context -> controllers(context, basePackage))
        .run(context -> {
          var request = new MockHttpServletRequest("GET", "/v3/api-docs");
          document.set(
              Json.MAPPER.readTree(
                  context
                      .getBean(OpenApiWebMvcResource.class)
                      .openapiJson(request, "/v3/api-docs", Locale.ENGLISH)));
        });
    return document.get();
  }

  /** The lengths of {@link Text}, which springdoc does not know. */
  private static Schema<?> describeText(Schema<?> schema, AnnotatedType type) {
    for (var annotation : type.getCtxAnnotations() == null ? NONE : type.getCtxAnnotations()) {
      if (annotation instanceof Text text) {
        schema.maxLength(text.max());
        if (text.min() > 0) {
          schema.minLength(text.min());
        }
      }
    }
    return schema;
  }

  /** For example {@code orders.place} for {@code OrdersController.place}. */
  private static String operationId(Class<?> controller, String method) {
    String name = controller.getSimpleName().replace("Controller", "");
    return Character.toLowerCase(name.charAt(0)) + name.substring(1) + "." + method;
  }

  /** Registers controllers without calling their constructors: they are documented, not called. */
  private static void controllers(ConfigurableApplicationContext context, String basePackage) {
    var registry = (BeanDefinitionRegistry) context;
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(RestController.class));
    var objenesis = new SpringObjenesis();
    for (var found : scanner.findCandidateComponents(basePackage)) {
      Class<?> type = ClassUtils.resolveClassName(found.getBeanClassName(), null);
      register(registry, type, objenesis);
    }
  }

  private static <T> void register(
      BeanDefinitionRegistry registry, Class<T> type, SpringObjenesis objenesis) {
    registry.registerBeanDefinition(
        type.getName(), new RootBeanDefinition(type, () -> objenesis.newInstance(type)));
  }
}
