package shop.gateway.edge;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports what is wrong with a certificate, and the remedy, instead of a stack trace. */
final class InvalidCertificateAnalyzer extends AbstractFailureAnalyzer<InvalidCertificate> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, InvalidCertificate cause) {
    return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.remedy(), cause);
  }
}
