package shop.gateway.edge;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;

/** TLS, if a certificate or a private key is configured. */
@Configuration(proxyBeanMethods = false)
@Conditional(TlsConfiguration.Configured.class)
class TlsConfiguration {

  @Bean
  CertificateKeyManager certificateKeyManager(TlsSettings settings, Clock clock) {
    return new CertificateKeyManager(settings.read(clock.instant()));
  }

  @Bean
  CertificateReload certificateReload(
      TlsSettings settings, CertificateKeyManager keys, Clock clock, MeterRegistry metrics) {
    return new CertificateReload(settings, keys, clock, metrics);
  }

  @Bean
  TlsServer tlsServer(TlsSettings settings, ServerProperties server, CertificateKeyManager keys) {
    return new TlsServer(settings, server, keys);
  }

  @Bean
  HttpHandlerDecoratorFactory strictTransportSecurity(TlsSettings settings) {
    return settings.hstsMaxAge().isZero()
        ? handler -> handler
        : new StrictTransportSecurity(settings);
  }

  /** True if one of the two is set; the other one is then required. */
  static final class Configured implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      var environment = context.getEnvironment();
      return !environment.getProperty("shop.tls.certificate", "").isBlank()
          || !environment.getProperty("shop.tls.private-key", "").isBlank();
    }
  }
}
