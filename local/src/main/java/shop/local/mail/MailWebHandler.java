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

/**
 * Serves {@code GET /}, {@code /mails/<id>}, {@code /mails/<id>/body} and {@code
 * /mails.json[?to=]}.
 */
final class MailWebHandler implements HttpHandler {
  private static final String HTML = "text/html; charset=utf-8";
  private static final JsonMapper JSON = new JsonMapper();

  private final MailStore store;

  MailWebHandler(MailStore store) {
    this.store = store;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath().split("/", -1);
      if (!exchange.getRequestMethod().equals("GET")) {
        respond(exchange, 405, HTML, MailHtml.error("Only GET is supported."));
      } else if (path.length == 2 && path[1].isEmpty()) {
        respond(exchange, 200, HTML, MailHtml.list(mails(exchange)));
      } else if (path.length == 2 && path[1].equals("mails.json")) {
        // Streamed: a second copy of all texts might not fit into memory.
        setHeaders(exchange, "application/json");
        exchange.sendResponseHeaders(200, 0);
        JSON.writeValue(exchange.getResponseBody(), mails(exchange));
      } else if (path.length >= 3 && path[1].equals("mails")) {
        mail(exchange, path[2], path.length == 4 && path[3].equals("body"));
      } else {
        respond(exchange, 404, HTML, MailHtml.error("This page does not exist."));
      }
    }
  }

  private void mail(HttpExchange exchange, String id, boolean bodyOnly) throws IOException {
    var mail = store.find(id);
    if (mail.isEmpty()) {
      respond(exchange, 404, HTML, MailHtml.error("This mail does not exist."));
    } else if (bodyOnly) {
      // A mail may contain anything, so scripts and requests to other hosts are forbidden.
      exchange
          .getResponseHeaders()
          .set(
              "Content-Security-Policy",
              "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:");
      respond(exchange, 200, HTML, mail.get().html());
    } else {
      respond(exchange, 200, HTML, MailHtml.mail(id, mail.get()));
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

  private static void setHeaders(HttpExchange exchange, String type) {
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Cache-Control", "no-store");
  }

  private static void respond(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    setHeaders(exchange, type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
