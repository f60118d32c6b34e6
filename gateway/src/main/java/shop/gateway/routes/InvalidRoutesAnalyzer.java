package shop.gateway.routes;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports what is wrong in the routes file instead of a stack trace. */
final class InvalidRoutesAnalyzer extends AbstractFailureAnalyzer<InvalidRoutes> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, InvalidRoutes cause) {
    return new FailureAnalysis(
        String.valueOf(cause.getMessage()),
        "Correct the file that ROUTES_FILE names; without it, routes.yml of the gateway is in use.",
        cause);
  }
}
