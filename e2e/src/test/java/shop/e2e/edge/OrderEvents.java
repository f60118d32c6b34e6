package shop.e2e.edge;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import shop.e2e.ApiClient;

/** The event stream of an order, on a connection of its own. */
final class OrderEvents implements AutoCloseable {

  private static final String ID = "id: ";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<String> ids = new CopyOnWriteArrayList<>();
  private final Thread reader;

  /**
   * Opens it.
   *
   * @param after the id of the last event that is known; 0 for none
   */
  OrderEvents(URI edge, ApiClient customer, String order, String after) {
    var request =
        HttpRequest.newBuilder(edge.resolve("/orders/" + order + "/events"))
            .header("Accept", "text/event-stream")
            .header("Authorization", "Bearer " + customer.token())
            .header("Last-Event-ID", after)
            .build();
    reader = Thread.startVirtualThread(() -> read(request));
  }

  private void read(HttpRequest request) {
    try (var lines = http.send(request, BodyHandlers.ofLines()).body()) {
      lines
          .filter(line -> line.startsWith(ID))
          .forEach(line -> ids.add(line.substring(ID.length())));
    } catch (Exception broken) {
      // The end of the thread says so.
    }
  }

  /** The ids of the events so far. */
  List<String> ids() {
    return List.copyOf(ids);
  }

  boolean ended() {
    return !reader.isAlive();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
