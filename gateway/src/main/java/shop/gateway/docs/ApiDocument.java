package shop.gateway.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import shop.common.json.Json;
import shop.gateway.routing.InstanceSettings;
import tools.jackson.databind.JsonNode;

/**
 * The description of all APIs: the gateway's own and what one instance of each service tells. A
 * service that is away is left out, and the document says so.
 */
@Component
class ApiDocument {

  private static final String PATH = "/v3/api-docs";
  private static final HttpClient HTTP = HttpClient.create();

  private final InstanceSettings instances;
  private final DocsSettings settings;
  private final Mono<JsonNode> merged;

  ApiDocument(InstanceSettings instances, DocsSettings settings) {
    this.instances = instances;
    this.settings = settings;
    this.merged =
        Mono.defer(this::merge).cache(this::keep, _ -> Duration.ZERO, () -> Duration.ZERO);
  }

  /** As it is, or was a short while ago. */
  Mono<JsonNode> get() {
    return merged;
  }

  private Duration keep(JsonNode document) {
    return document.has(MergedDocument.LEFT_OUT) ? settings.keepIncomplete() : settings.keep();
  }

  private Mono<JsonNode> merge() {
    return Flux.fromIterable(instances.instances().keySet().stream().sorted().toList())
        .flatMapSequential(service -> ask(service, instances.of(service)))
        .collectList()
        .map(services -> new MergedDocument(own()).with(services));
  }

  /** The first instance that answers. */
  private Mono<ServiceDocument> ask(String service, List<URI> urls) {
    return Flux.fromIterable(urls)
        .concatMap(url -> ask(service, url))
        .takeUntil(answer -> answer.openApi() != null)
        .last();
  }

  private Mono<ServiceDocument> ask(String service, URI url) {
    return HTTP.responseTimeout(settings.patience())
        .get()
        .uri(url.resolve(PATH))
        .responseSingle((response, body) ->
            body.asByteArray()
                .defaultIfEmpty(new byte[0])
                .map(bytes -> read(service, response, bytes)))
        .timeout(settings.patience())
        .onErrorResume(_ -> Mono.just(ServiceDocument.away(service, "it does not answer")));
  }

  private static ServiceDocument read(String service, HttpClientResponse response, byte[] body) {
    return response.status().code() == 200
        ? ServiceDocument.of(service, Json.read(body, JsonNode.class))
        : ServiceDocument.away(service, "it answers " + response.status().code());
  }

  private static JsonNode own() {
    try {
      return Json.read(
          new ClassPathResource("openapi.json").getContentAsByteArray(), JsonNode.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
