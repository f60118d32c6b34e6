package shop.gateway.keys;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports how to create a signing key instead of a stack trace. */
final class NoSigningKeyAnalyzer extends AbstractFailureAnalyzer<NoSigningKey> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, NoSigningKey cause) {
    return new FailureAnalysis(
        String.valueOf(cause.getMessage()),
        "Set AUTH_KEYS_DIR to a folder and create a key in it: openssl genpkey -algorithm RSA"
            + " -pkeyopt rsa_keygen_bits:2048 -out \"$AUTH_KEYS_DIR/$(date +%Y-%m-%d).pem\"",
        cause);
  }
}
