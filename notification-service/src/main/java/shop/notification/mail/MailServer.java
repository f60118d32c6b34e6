package shop.notification.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.util.StreamProvider;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.angus.mail.util.MailStreamProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;

/**
 * The mail server, reached by connections that stay open for the next mail: to connect and greet
 * costs more than a mail. A connection bears few mails and short rests, because servers end those
 * that bear many, and it ends with the first failure.
 */
@Component
final class MailServer implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(MailServer.class);
  private static final int MOST_MAILS = 100;
  private static final Duration LONGEST_REST = Duration.ofSeconds(5);

  /** Seconds; less than a write may take. */
  private static final int TICK = 5;

  private final JavaMailSenderImpl settings;
  private final Clock clock;
  private final Deque<Connection> resting = new ConcurrentLinkedDeque<>();
  private final ScheduledExecutorService writeLimits = writeLimits();

  MailServer(JavaMailSenderImpl settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    // Else Jakarta Mail looks through all jars for it, several times a mail.
    System.setProperty(StreamProvider.class.getName(), MailStreamProvider.class.getName());
    for (var protocol : List.of("smtp", "smtps")) {
      settings
          .getJavaMailProperties()
          .put("mail." + protocol + ".executor.writetimeout", writeLimits);
    }
  }

  /**
   * Ends writes that take too long. Each write sets an alarm here, and its thread is woken by an
   * alarm that is due before all others; the tick always is, so writes wake nobody.
   */
  private static ScheduledExecutorService writeLimits() {
    var limits =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("smtp-limits").factory());
    limits.setRemoveOnCancelPolicy(true);
    var _ = limits.scheduleAtFixedRate(() -> {}, TICK, TICK, TimeUnit.SECONDS);
    return limits;
  }

  private record Connection(Transport transport, int mails, Instant since) {}

  /** An empty mail. */
  MimeMessage mail() {
    return settings.createMimeMessage();
  }

  /**
   * Returns when the server has taken a mail.
   *
   * @throws MessagingException if it did not, or did not say so
   */
  void send(MimeMessage mail) throws MessagingException {
    mail.setSentDate(Date.from(clock.instant()));
    var connection = connection();
    boolean taken = false;
    try {
      connection.transport().sendMessage(mail, mail.getAllRecipients());
      taken = true;
    } finally {
      if (taken && connection.mails() + 1 < MOST_MAILS) {
        resting.push(
            new Connection(connection.transport(), connection.mails() + 1, clock.instant()));
      } else {
        close(connection);
      }
    }
  }

  private Connection connection() throws MessagingException {
    for (var next = resting.poll(); next != null; next = resting.poll()) {
      if (clock.instant().isBefore(next.since().plus(LONGEST_REST))) {
        return next;
      }
      close(next);
    }
    @Nullable String protocol = settings.getProtocol();
    var transport =
        settings
            .getSession()
            .getTransport(protocol == null ? JavaMailSenderImpl.DEFAULT_PROTOCOL : protocol);
    boolean named = StringUtils.hasLength(settings.getUsername());
    transport.connect(
        settings.getHost(),
        settings.getPort(),
        named ? settings.getUsername() : null,
        named ? settings.getPassword() : null);
    return new Connection(transport, 0, clock.instant());
  }

  private static void close(Connection connection) {
    try {
      connection.transport().close();
    } catch (MessagingException e) {
      log.debug("The mail server was not told goodbye", e);
    }
  }

  @Override
  public void destroy() {
    for (var next = resting.poll(); next != null; next = resting.poll()) {
      close(next);
    }
    writeLimits.shutdownNow();
  }
}
