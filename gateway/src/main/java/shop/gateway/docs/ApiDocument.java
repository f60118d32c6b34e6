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
import reactor.netty.resources.ConnectionProvider;
import shop.common.json.Json;
import shop.gateway.routing.Upstreams;
import tools.jackson.databind.JsonNode;

/**
 * The OpenAPI document of all APIs: the gateway's own, merged with the document of one instance of
 * each service. The document lists services that are left out because they do not respond.
 */
@Component
class ApiDocument {

  private static final String PATH = "/v3/api-docs";
  private static final HttpClient HTTP = HttpClient.create(ConnectionProvider.newConnection());

  private final Upstreams upstreams;
  private final DocsSettings settings;
  private final Mono<JsonNode> merged;

  ApiDocument(Upstreams upstreams, DocsSettings settings) {
    this.upstreams = upstreams;
    this.settings = settings;
    this.merged = Mono.defer(this::merge).cache(this::ttl, _ -> Duration.ZERO, () -> Duration.ZERO);
  }

  /** The merged document, at most as old as the configured cache time. */
  Mono<JsonNode> get() {
    return merged;
  }

  private Duration ttl(JsonNode document) {
    return document.has(MergedDocument.LEFT_OUT)
        ? settings.incompleteCacheTtl()
        : settings.cacheTtl();
  }

  private Mono<JsonNode> merge() {
    return Flux.fromIterable(upstreams.urls().entrySet())
        .flatMapSequential(service -> fetch(service.getKey(), service.getValue()))
        .collectList()
        .map(services -> new MergedDocument(own()).with(services));
  }

  /** Fetches from one instance after another until one returns its document. */
  private Mono<ServiceDocument> fetch(String service, List<URI> urls) {
    return Flux.fromIterable(urls)
        .concatMap(url -> fetch(service, url))
        .takeUntil(document -> document.openApi() != null)
        .last(ServiceDocument.unavailable(service, "it has no instances"));
  }

  private Mono<ServiceDocument> fetch(String service, URI url) {
    return HTTP.responseTimeout(settings.timeout())
        .get()
        .uri(url.resolve(PATH))
        .responseSingle((response, body) ->
            body.asByteArray()
                .defaultIfEmpty(new byte[0])
                .map(bytes -> read(service, response, bytes)))
        .timeout(settings.timeout())
        .onErrorResume(_ -> Mono.just(ServiceDocument.unavailable(service, "it does not respond")));
  }

  private static ServiceDocument read(String service, HttpClientResponse response, byte[] body) {
    return response.status().code() == 200
        ? ServiceDocument.of(service, Json.read(body, JsonNode.class))
        : ServiceDocument.unavailable(service, "it responds with " + response.status().code());
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
