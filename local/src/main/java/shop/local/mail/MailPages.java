package shop.local.mail;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /}, {@code /mails/<id>}, {@code /mails/<id>/body} and {@code /mails.json[?to=]}. */
final class MailPages implements HttpHandler {
  private static final String HTML = "text/html; charset=utf-8";
  private static final JsonMapper JSON = new JsonMapper();

  private final MailStore store;

  MailPages(MailStore store) {
    this.store = store;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath().split("/", -1);
      if (!exchange.getRequestMethod().equals("GET")) {
        answer(exchange, 405, HTML, MailHtml.missing("Only GET is served here."));
      } else if (path.length == 2 && path[1].isEmpty()) {
        answer(exchange, 200, HTML, MailHtml.list(mails(exchange)));
      } else if (path.length == 2 && path[1].equals("mails.json")) {
        // Sent as it is written: the text of all mails might not fit into memory once more.
        head(exchange, "application/json");
        exchange.sendResponseHeaders(200, 0);
        JSON.writeValue(exchange.getResponseBody(), mails(exchange));
      } else if (path.length >= 3 && path[1].equals("mails")) {
        mail(exchange, path[2], path.length == 4 && path[3].equals("body"));
      } else {
        answer(exchange, 404, HTML, MailHtml.missing("There is nothing here."));
      }
    }
  }

  private void mail(HttpExchange exchange, String id, boolean bodyOnly) throws IOException {
    var found = store.find(id);
    if (found.isEmpty()) {
      answer(exchange, 404, HTML, MailHtml.missing("There is no such mail."));
    } else if (bodyOnly) {
      // A mail may hold anything: no scripts, no requests to anywhere.
      exchange
          .getResponseHeaders()
          .set(
              "Content-Security-Policy",
              "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:");
      answer(exchange, 200, HTML, found.get().html());
    } else {
      answer(exchange, 200, HTML, MailHtml.mail(id, found.get()));
    }
  }

  private List<Mail> mails(HttpExchange exchange) {
    var to = parameter(exchange, "to");
    return store.all().stream()
        .filter(mail -> to.isEmpty() || to.get().equalsIgnoreCase(mail.to()))
        .toList();
  }

  private static Optional<String> parameter(HttpExchange exchange, String name) {
    var query = exchange.getRequestURI().getRawQuery();
    return Arrays.stream((query == null ? "" : query).split("&", -1))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  private static void head(HttpExchange exchange, String type) {
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Cache-Control", "no-store");
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    head(exchange, type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
