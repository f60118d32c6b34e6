package shop.gateway.discovery;

import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;

/**
 * Lists and watches EndpointSlices at the API server, as the Kubernetes API conventions describe
 * it. Each request has a connection of its own and reads the files of the service account again:
 * the kubelet replaces the token before it expires. Fails with {@link LookUpFailedException}.
 */
@Component
final class KubernetesClient implements DisposableBean {

  /** Bytes of a slice; etcd stores at most 1.5 MiB. */
  private static final int MAX_LINE = 2 << 20;

  static final int SLICES_PER_PAGE = 4;
  private static final int MAX_PAGE = SLICES_PER_PAGE * MAX_LINE;
  private static final int MAX_ERROR = 16 << 10;
  private static final int MAX_MESSAGE = 500;
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  /** Chunks of some kilobytes that wait for the thread of discovery. */
  private static final int CHUNKS = 16;

  private static final byte[] ACCEPTED = {'\n'};

  private final KubernetesSettings settings;
  private final Scheduler scheduler = Schedulers.newSingle("kubernetes-discovery", true);

  KubernetesClient(KubernetesSettings settings) {
    this.settings = settings;
  }

  /** Runs what this client does, apart from reading and writing of sockets. */
  Scheduler scheduler() {
    return scheduler;
  }

  /**
   * A part of the list of a Service's slices.
   *
   * @param from where it begins; null for the first part
   */
  Mono<SliceMessages.Page> list(SliceUrl url, @Nullable String from) {
    var query = "&limit=" + SLICES_PER_PAGE + (from == null ? "" : "&continue=" + encoded(from));
    return get(url, query, settings.timeout(), (_, content) -> whole(content, MAX_PAGE))
        .publishOn(scheduler)
        .next()
        .map(SliceMessages::page)
        .timeout(settings.timeout(), Mono.error(this::late), scheduler)
        .onErrorMap(this::failed);
  }

  /**
   * The lines of a watch: changes of a Service's slices since a version. Begins with an empty line
   * when the server has accepted it; ends when the server says so or the time is over.
   */
  Flux<byte[]> watch(SliceUrl url, String version, Duration time) {
    var query =
        "&watch=true&allowWatchBookmarks=true&timeoutSeconds=%d&resourceVersion=%s"
            .formatted(Math.max(1, time.toSeconds()), encoded(version));
    var longest = time.plus(settings.timeout());
    return Flux.defer(
            () -> {
              var lines = new Lines(MAX_LINE);
              return get(
                      url,
                      query,
                      longest,
                      (_, content) -> content.asByteArray().startWith(Mono.just(ACCEPTED)))
                  .concatMapIterable(lines::split);
            })
        .publishOn(scheduler, CHUNKS)
        .timeout(
            Mono.delay(settings.timeout(), scheduler), _ -> Mono.never(), Flux.error(this::late))
        .take(longest, scheduler)
        .onErrorMap(this::failed);
  }

  private interface Body {
    Publisher<byte[]> of(HttpClientResponse response, ByteBufFlux content);
  }

  private Flux<byte[]> get(SliceUrl url, String query, Duration silence, Body body) {
    return Mono.fromCallable(() -> client(silence).get().uri(uri(url, query)))
        .subscribeOn(scheduler)
        .flatMapMany(request ->
            request.response((response, content) ->
                response.status().code() == OK
                    ? body.of(response, content)
                    : whole(content, MAX_ERROR)
                        .flatMap(json -> Mono.error(refused(url, response, json)))));
  }

  private HttpClient client(Duration silence) throws IOException {
    var token = Files.readString(settings.credentials().resolve("token")).strip();
    var http =
        HttpClient.create(ConnectionProvider.newConnection())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) settings.timeout().toMillis())
            .responseTimeout(silence)
            .headers(headers ->
                headers.set("Authorization", "Bearer " + token).set("Accept", "application/json"));
    if (!settings.isSecure()) {
      return http;
    }
    var authority = settings.credentials().resolve("ca.crt").toFile();
    var context = SslContextBuilder.forClient().trustManager(authority).build();
    return http.secure(tls -> tls.sslContext(context));
  }

  private String uri(SliceUrl url, String query) throws IOException {
    return settings.server()
        + "/apis/discovery.k8s.io/v1/namespaces/"
        + namespace(url)
        + "/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D"
        + url.name()
        + query;
  }

  private String namespace(SliceUrl url) throws IOException {
    var given = url.namespace();
    return given == null
        ? encoded(Files.readString(settings.credentials().resolve("namespace")).strip())
        : given;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Mono<byte[]> whole(ByteBufFlux content, int max) {
    return content
        .asByteArray()
        .collect(
            ByteArrayOutputStream::new,
            (all, chunk) -> {
              if (all.size() + chunk.length > max) {
                throw new LookUpFailedException("the answer has more than " + max + " bytes", null);
              }
              all.writeBytes(chunk);
            })
        .map(ByteArrayOutputStream::toByteArray);
  }

  private static LookUpFailedException refused(
      SliceUrl url, HttpClientResponse response, byte[] json) {
    int status = response.status().code();
    var message = SliceMessages.message(json);
    var remedy =
        switch (status) {
          case FORBIDDEN ->
              "; bind the Role endpointslice-reader (get, list and watch of endpointslices in discovery.k8s.io) of the namespace of "
                  + url.name()
                  + " to the service account of the gateway";
          case UNAUTHORIZED -> "; the token of the service account is not valid";
          default -> "";
        };
    return SliceMessages.failure(
        status, message.substring(0, Math.min(message.length(), MAX_MESSAGE)) + remedy);
  }

  private LookUpFailedException late() {
    return new LookUpFailedException(
        settings.server() + " has not answered within " + settings.timeout(), null);
  }

  private LookUpFailedException failed(Throwable failure) {
    return failure instanceof LookUpFailedException known
        ? known
        : new LookUpFailedException(settings.server() + ": " + failure, failure);
  }

  @Override
  public void destroy() {
    scheduler.dispose();
  }
}
