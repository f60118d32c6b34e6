package shop.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;

/** The payment provider's own books, which nobody of the platform can write. */
final class Ledger {

  private Ledger() {}

  /** The amounts that were charged for an order. */
  static List<Long> charges(String orderId) {
    return amounts(orderId, "charge");
  }

  /** The amounts that were given back. */
  static List<Long> refunds(String orderId) {
    return amounts(orderId, "refund");
  }

  private static List<Long> amounts(String orderId, String kind) {
    var url = Running.platform().sandboxUrl().resolve("/sandbox/ledger?order_id=" + orderId);
    try {
      var response =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
      List<Long> amounts = new ArrayList<>();
      for (var line : Customer.json(response).get("items")) {
        if (line.get("kind").asString().equals(kind)) {
          amounts.add(line.get("amount").asLong());
        }
      }
      return amounts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
