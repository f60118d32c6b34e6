package shop.sandbox.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.sandbox.StripeError;
import shop.sandbox.fault.Connections;
import shop.sandbox.ledger.LedgerUnavailable;

/** Sends the result of a call: a response, an error, or none if a fault aborts the connection. */
final class ResponseWriter {

  private static final Logger LOG = LoggerFactory.getLogger(ResponseWriter.class);

  private final Connections connections;

  ResponseWriter(Connections connections) {
    this.connections = connections;
  }

  /** Thrown to close the connection without a response. */
  static final class ConnectionAborted extends RuntimeException {
    final boolean reset;

    ConnectionAborted(boolean reset) {
      super(null, null, false, false);
      this.reset = reset;
    }
  }

  /** Executes a call and sends its response. */
  void respond(
      HttpServletRequest request, HttpServletResponse response, Supplier<StoredResponse> call)
      throws IOException {
    StoredResponse result;
    try {
      result = call.get();
    } catch (ConnectionAborted aborted) {
      connections.abort(request, aborted.reset);
      return;
    } catch (StripeError e) {
      result = StripeJson.error(e);
    } catch (LedgerUnavailable e) {
      LOG.error("The ledger rejected an append; responding with 500", e);
      result = StripeJson.error(StripeError.provider(500, "The sandbox's ledger is unavailable."));
    } catch (RuntimeException e) {
      LOG.error("Unexpected error; responding with 500", e);
      result = StripeJson.error(StripeError.provider(500, "The sandbox failed; see its log."));
    }
    send(response, result);
  }

  static void send(HttpServletResponse response, StoredResponse result) throws IOException {
    var body = result.body().getBytes(StandardCharsets.UTF_8);
    response.setStatus(result.status());
    response.setContentType("application/json");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
