package shop.gateway.discovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import shop.common.testkit.TempFolders;

/**
 * The part of a Kubernetes API server that serves EndpointSlices: lists in parts, watches from a
 * version on, and fails on request. It accepts one token, that of {@link #credentials}.
 */
public final class ApiServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SERVICE_NAME = "kubernetes.io/service-name";
  private static final String BREAK = "";
  private static final String END = "end";

  private final Path credentials;
  private final int port;
  private final Map<String, EndpointSlice> slices = new TreeMap<>();
  private final List<Change> history = new ArrayList<>();
  private final List<Watcher> watchers = new ArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private int version = 100;
  private int forgotten;
  private int pageSize = Integer.MAX_VALUE;
  private String token = "token-1";
  private int failure;
  private String list;

  private record Change(int version, String service, String line) {}

  private record Watcher(String service, BlockingQueue<String> lines) {}

  /** A server of an empty cluster. */
  public ApiServer() {
    try {
      credentials = TempFolders.create("service-account");
      Files.writeString(credentials.resolve("namespace"), "shop");
      token(token);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server = serve(0);
    port = server.getAddress().getPort();
  }

  private HttpServer serve(int onPort) {
    try {
      var created =
          HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), onPort), 0);
      created.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      created.createContext("/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices", this::get);
      created.start();
      return created;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** The folder of the service account. */
  public Path credentials() {
    return credentials;
  }

  /** Replaces the token, as the kubelet does; the one before is not accepted any more. */
  void token(String next) throws IOException {
    synchronized (this) {
      token = next;
    }
    Files.writeString(credentials.resolve("token"), next + "\n");
  }

  /** The queries of all requests, decoded. */
  List<String> requests() {
    return requests;
  }

  long lists() {
    return requests.stream().filter(query -> !query.contains("watch=true")).count();
  }

  /** A slice with one TCP port http and no endpoints. */
  public static EndpointSliceBuilder slice(String name, String service, int port) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("shop")
        .addToLabels(SERVICE_NAME, service)
        .endMetadata()
        .withAddressType("IPv4")
        .addNewPort()
        .withName("http")
        .withPort(port)
        .withProtocol("TCP")
        .endPort();
  }

  /** Creates a slice or replaces it. */
  public synchronized void put(EndpointSliceBuilder slice) {
    var written =
        slice.editMetadata().withResourceVersion(String.valueOf(++version)).endMetadata().build();
    var before = slices.put(written.getMetadata().getName(), written);
    report(before == null ? "ADDED" : "MODIFIED", written);
  }

  /** Deletes a slice; nothing if there is none. */
  public synchronized void delete(String name) {
    var before = slices.remove(name);
    if (before != null) {
      before.getMetadata().setResourceVersion(String.valueOf(++version));
      report("DELETED", before);
    }
  }

  private void report(String type, EndpointSlice slice) {
    var service = slice.getMetadata().getLabels().get(SERVICE_NAME);
    var line = json(Map.of("type", type, "object", slice));
    history.add(new Change(version, service, line));
    send(service, line + "\n");
  }

  /** Sends a text to the watches of a service. */
  synchronized void send(String service, String text) {
    watchers.stream()
        .filter(watcher -> watcher.service().equals(service))
        .forEach(watcher -> watcher.lines().add(text));
  }

  /** Ends the watches of a service properly. */
  void end(String service) {
    send(service, END);
  }

  /** Breaks the connections of the watches of a service. */
  void breakOff(String service) {
    send(service, BREAK);
  }

  synchronized long watches(String service) {
    return watchers.stream().filter(watcher -> watcher.service().equals(service)).count();
  }

  /** Tells the watches that nothing has happened up to a new version, as a bookmark does. */
  synchronized void bookmark(String service) {
    version++;
    send(
        service,
        "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"EndpointSlice\",\"metadata\":{\"resourceVersion\":\"%d\"}}}\n"
            .formatted(version));
  }

  /** Changes up to now cannot be watched any more. */
  synchronized void compact() {
    forgotten = version + 1;
    version = forgotten;
    history.clear();
  }

  /** Lists have so many slices in each part. */
  synchronized void pageSize(int size) {
    pageSize = size;
  }

  /** Responds to all requests with a status; 0 ends that. */
  synchronized void fail(int status) {
    failure = status;
  }

  /** Responds to lists with a text; null ends that. */
  synchronized void list(String text) {
    list = text;
  }

  /** Stops listening; open watches break. */
  synchronized void stop() {
    server.stop(0);
    watchers.forEach(watcher -> watcher.lines().add(BREAK));
  }

  /** Listens again at the same port. */
  synchronized void restart() {
    server = serve(port);
  }

  private void get(HttpExchange exchange) throws IOException {
    var query = URLDecoder.decode(exchange.getRequestURI().getRawQuery(), StandardCharsets.UTF_8);
    requests.add(query);
    var parameters = parameters(exchange.getRequestURI().getRawQuery());
    var service = parameters.get("labelSelector").substring(SERVICE_NAME.length() + 1);
    var authorization = exchange.getRequestHeaders().getFirst("Authorization");
    String answer;
    Watcher watcher = null;
    int status = 200;
    synchronized (this) {
      if (failure != 0) {
        status = failure;
        answer = status(failure, "as told");
      } else if (!("Bearer " + token).equals(authorization)) {
        status = 401;
        answer = status(status, "Unauthorized");
      } else if (!parameters.containsKey("watch")) {
        answer = list == null ? page(service, parameters) : list;
      } else {
        int from = Integer.parseInt(parameters.get("resourceVersion"));
        watcher = new Watcher(service, new LinkedBlockingQueue<>());
        if (from < forgotten) {
          watcher
              .lines()
              .add(
                  "{\"type\":\"ERROR\",\"object\":"
                      + status(410, "too old resource version")
                      + "}\n");
          watcher.lines().add(END);
        }
        for (var change : history) {
          if (change.version() > from && change.service().equals(service)) {
            watcher.lines().add(change.line() + "\n");
          }
        }
        watchers.add(watcher);
        answer = null;
      }
    }
    if (watcher != null) {
      watch(exchange, watcher);
    } else {
      var bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      try (var body = exchange.getResponseBody()) {
        body.write(bytes);
      }
    }
  }

  private String page(String service, Map<String, String> parameters) {
    var all =
        slices.values().stream()
            .filter(slice -> service.equals(slice.getMetadata().getLabels().get(SERVICE_NAME)))
            .toList();
    int from = Integer.parseInt(parameters.getOrDefault("continue", "0"));
    int limit = Math.min(pageSize, Integer.parseInt(parameters.get("limit")));
    int to = Math.min(all.size(), from + limit);
    var metadata = new HashMap<String, Object>();
    metadata.put("resourceVersion", String.valueOf(version));
    if (to < all.size()) {
      metadata.put("continue", String.valueOf(to));
    }
    return json(
        Map.of("kind", "EndpointSliceList", "metadata", metadata, "items", all.subList(from, to)));
  }

  private void watch(HttpExchange exchange, Watcher watcher) throws IOException {
    try {
      exchange.sendResponseHeaders(200, 0);
      var body = exchange.getResponseBody();
      body.flush();
      while (true) {
        var line = watcher.lines().take();
        if (line.equals(END)) {
          body.close();
          return;
        }
        if (line.equals(BREAK)) {
          // An exception closes the connection without the end of the body.
          throw new IOException("Broken off as told");
        }
        body.write(line.getBytes(StandardCharsets.UTF_8));
        body.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      synchronized (this) {
        watchers.remove(watcher);
      }
    }
  }

  private static Map<String, String> parameters(String query) {
    var parameters = new HashMap<String, String>();
    for (var parameter : query.split("&", -1)) {
      var parts = parameter.split("=", 2);
      parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return parameters;
  }

  private static String status(int code, String message) {
    return json(Map.of("kind", "Status", "code", code, "message", message));
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
