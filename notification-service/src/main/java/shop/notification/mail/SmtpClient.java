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
 * Sends mails over SMTP connections that are kept open and reused, because connecting costs more
 * than sending a mail. A connection is closed after {@link #MAX_MAILS_PER_CONNECTION} mails, after
 * {@link #MAX_IDLE} without one, because servers limit both, and after the first failure.
 */
@Component
final class SmtpClient implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(SmtpClient.class);
  private static final int MAX_MAILS_PER_CONNECTION = 100;
  private static final Duration MAX_IDLE = Duration.ofSeconds(5);

  /** Seconds; shorter than the write timeout. */
  private static final int TICK_SECONDS = 5;

  private final JavaMailSenderImpl sender;
  private final Clock clock;
  private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
  private final ScheduledExecutorService writeTimeouts = newWriteTimeouts();

  SmtpClient(JavaMailSenderImpl sender, Clock clock) {
    this.sender = sender;
    this.clock = clock;
    // Otherwise Jakarta Mail searches all jars for the provider, several times per mail.
    System.setProperty(StreamProvider.class.getName(), MailStreamProvider.class.getName());
    for (var protocol : List.of("smtp", "smtps")) {
      sender
          .getJavaMailProperties()
          .put("mail." + protocol + ".executor.writetimeout", writeTimeouts);
    }
  }

  /**
   * Interrupts writes that exceed the write timeout. Each write schedules a task here, and
   * scheduling wakes the thread only if the new task is due before all others. The tick is always
   * due earlier, so writes do not wake the thread.
   */
  private static ScheduledExecutorService newWriteTimeouts() {
    var timeouts =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("smtp-limits").factory());
    timeouts.setRemoveOnCancelPolicy(true);
    var _ = timeouts.scheduleAtFixedRate(() -> {}, TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
    return timeouts;
  }

  private record Connection(Transport transport, int sentMails, Instant lastUsed) {}

  /** A new, empty mail. */
  MimeMessage newMail() {
    return sender.createMimeMessage();
  }

  /**
   * Sends a mail and returns after the server has accepted it.
   *
   * @throws MessagingException if the server rejected the mail or did not confirm it
   */
  void send(MimeMessage mail) throws MessagingException {
    mail.setSentDate(Date.from(clock.instant()));
    var connection = connection();
    boolean accepted = false;
    try {
      connection.transport().sendMessage(mail, mail.getAllRecipients());
      accepted = true;
    } finally {
      if (accepted && connection.sentMails() + 1 < MAX_MAILS_PER_CONNECTION) {
        idle.push(
            new Connection(connection.transport(), connection.sentMails() + 1, clock.instant()));
      } else {
        close(connection);
      }
    }
  }

  private Connection connection() throws MessagingException {
    for (var next = idle.poll(); next != null; next = idle.poll()) {
      if (clock.instant().isBefore(next.lastUsed().plus(MAX_IDLE))) {
        return next;
      }
      close(next);
    }
    @Nullable String protocol = sender.getProtocol();
    var transport =
        sender
            .getSession()
            .getTransport(protocol == null ? JavaMailSenderImpl.DEFAULT_PROTOCOL : protocol);
    boolean hasLogin = StringUtils.hasLength(sender.getUsername());
    transport.connect(
        sender.getHost(),
        sender.getPort(),
        hasLogin ? sender.getUsername() : null,
        hasLogin ? sender.getPassword() : null);
    return new Connection(transport, 0, clock.instant());
  }

  private static void close(Connection connection) {
    try {
      connection.transport().close();
    } catch (MessagingException e) {
      log.debug("Closing an SMTP connection failed", e);
    }
  }

  @Override
  public void destroy() {
    for (var next = idle.poll(); next != null; next = idle.poll()) {
      close(next);
    }
    writeTimeouts.shutdownNow();
  }
}
