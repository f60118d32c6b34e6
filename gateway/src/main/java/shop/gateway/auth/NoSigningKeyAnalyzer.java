package shop.gateway.auth;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in a sentence how to make a signing key, instead of a stack trace. */
final class NoSigningKeyAnalyzer extends AbstractFailureAnalyzer<NoSigningKey> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, NoSigningKey cause) {
    return new FailureAnalysis(
        String.valueOf(cause.getMessage()),
        "Name the folder in AUTH_KEYS_DIR and make a key there: openssl genpkey -algorithm RSA"
            + " -pkeyopt rsa_keygen_bits:2048 -out \"$AUTH_KEYS_DIR/$(date +%Y-%m-%d).pem\"",
        cause);
  }
}
