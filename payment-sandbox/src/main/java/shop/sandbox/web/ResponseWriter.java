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

/** The line to the client: what a call comes to leaves as an answer, an error, or not at all. */
final class ResponseWriter {

  private static final Logger LOG = LoggerFactory.getLogger(ResponseWriter.class);

  private final Connections connections;

  ResponseWriter(Connections connections) {
    this.connections = connections;
  }

  /** A connection that shall end without an answer. */
  static final class Cut extends RuntimeException {
    final boolean reset;

    Cut(boolean reset) {
      super(null, null, false, false);
      this.reset = reset;
    }
  }

  /** Makes a call and sends what it comes to. */
  void answer(
      HttpServletRequest request, HttpServletResponse response, Supplier<StoredResponse> call)
      throws IOException {
    StoredResponse answer;
    try {
      answer = call.get();
    } catch (Cut cut) {
      connections.cut(request, cut.reset);
      return;
    } catch (StripeError e) {
      answer = StripeJson.error(e);
    } catch (LedgerUnavailable e) {
      LOG.error("The ledger refused a step", e);
      answer = StripeJson.error(StripeError.provider(500, "The sandbox's ledger is unavailable."));
    } catch (RuntimeException e) {
      LOG.error("A call ended in an error of the sandbox itself", e);
      answer = StripeJson.error(StripeError.provider(500, "The sandbox failed; its log says why."));
    }
    send(response, answer);
  }

  static void send(HttpServletResponse response, StoredResponse answer) throws IOException {
    var body = answer.body().getBytes(StandardCharsets.UTF_8);
    response.setStatus(answer.status());
    response.setContentType("application/json");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
