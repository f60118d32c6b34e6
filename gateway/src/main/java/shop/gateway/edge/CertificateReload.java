package shop.gateway.edge;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Replaces the certificate when its files change. They are read regularly instead of watched, which
 * works on every file system and with the links that Kubernetes replaces. A change counts when it
 * has been seen twice, because certificate and key are two files. Files that cannot be used change
 * nothing: the last good certificate stays, and an error is logged.
 */
final class CertificateReload implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(CertificateReload.class);

  private final TlsSettings settings;
  private final CertificateKeyManager keys;
  private final Clock clock;
  private String applied;
  private String seen;
  private volatile boolean failed;
  private @Nullable Thread thread;

  /**
   * A reload that has not been started.
   *
   * @throws InvalidCertificate if the files cannot be read
   */
  CertificateReload(
      TlsSettings settings, CertificateKeyManager keys, Clock clock, MeterRegistry metrics) {
    this.settings = settings;
    this.keys = keys;
    this.clock = clock;
    this.applied = fingerprint();
    this.seen = applied;
    Gauge.builder(
            "gateway.tls.certificate.expiry",
            keys,
            current -> current.current().expiry().getEpochSecond())
        .baseUnit("seconds")
        .description("When the certificate in use expires, in seconds since 1970")
        .register(metrics);
    Gauge.builder("gateway.tls.reload.failed", this, reload -> reload.failed ? 1 : 0)
        .description("1 while the certificate or key on disk cannot be used")
        .register(metrics);
  }

  @Override
  public void start() {
    log.info("Serving TLS only, with the certificate of {}", keys.current());
    thread = Thread.ofVirtual().name("certificate-reload").start(this::run);
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        TimeUnit.NANOSECONDS.sleep(settings.reloadInterval().toNanos());
        check();
      }
    } catch (InterruptedException e) {
      log.debug("Stopped reading the certificate", e);
    }
  }

  /** Reads the files once; a change that the call before has seen too is applied. */
  void check() {
    String now = fingerprint();
    boolean settled = now.equals(seen);
    seen = now;
    if (!settled || now.equals(applied)) {
      return;
    }
    applied = now;
    try {
      keys.replace(settings.read(clock.instant()));
      failed = false;
      log.info("Replaced the certificate: new handshakes use that of {}", keys.current());
    } catch (InvalidCertificate e) {
      failed = true;
      log.error(
          "The certificate was not replaced, and that of {} stays in use: {}. {}",
          keys.current(),
          e.getMessage(),
          e.remedy());
    }
  }

  private String fingerprint() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(Files.readAllBytes(Path.of(settings.certificate())));
      return HexFormat.of()
          .formatHex(digest.digest(Files.readAllBytes(Path.of(settings.privateKey()))));
    } catch (IOException e) {
      return "unreadable";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform supports SHA-256", e);
    }
  }

  @Override
  public void stop() {
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  /** Before the server accepts connections. */
  @Override
  public int getPhase() {
    return 0;
  }
}
