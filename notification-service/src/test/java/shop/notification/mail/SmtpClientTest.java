package shop.notification.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.mail.javamail.JavaMailSenderImpl;

class SmtpClientTest {

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void nextMailReusesTheConnection() throws Exception {
    try (var smtp = new ScriptedSmtp(Map.of())) {
      var client = client(smtp);

      send(client);
      send(client);

      assertThat(smtp.connections()).isEqualTo(1);
    }
  }

  @Test
  void longIdleTimeEndsAConnection() throws Exception {
    try (var smtp = new ScriptedSmtp(Map.of())) {
      var client = client(smtp);

      send(client);
      now = now.plus(Duration.ofSeconds(6));
      send(client);

      assertThat(smtp.connections()).isEqualTo(2);
    }
  }

  @Test
  void failureEndsAConnection() throws IOException {
    try (var smtp = new ScriptedSmtp(Map.of("DATA", "451 4.3.0 not now"))) {
      var client = client(smtp);

      assertThatThrownBy(() -> send(client)).isInstanceOf(MessagingException.class);
      assertThatThrownBy(() -> send(client)).isInstanceOf(MessagingException.class);

      assertThat(smtp.connections()).isEqualTo(2);
    }
  }

  /** The write timeout applies to the first connection and to one that follows a broken one. */
  @Test
  void serverThatStopsReadingEndsAConnection() throws IOException {
    try (var smtp = new ScriptedSmtp(Map.of("DATA", ScriptedSmtp.NEVER_READ))) {
      var client = client(smtp, Map.of("mail.smtp.writetimeout", "300"));
      String text = "hello\n".repeat(5_000_000);
      for (int connection = 1; connection <= 2; connection++) {
        assertTimeoutPreemptively(
            Duration.ofMinutes(1),
            () ->
                assertThatThrownBy(() -> send(client, text))
                    .isInstanceOf(MessagingException.class)
                    .rootCause()
                    .isInstanceOf(IOException.class));
        assertThat(smtp.connections()).isEqualTo(connection);
      }
    }
  }

  private SmtpClient client(ScriptedSmtp smtp) {
    return client(smtp, Map.of());
  }

  private SmtpClient client(ScriptedSmtp smtp, Map<String, String> properties) {
    var settings = new JavaMailSenderImpl();
    settings.setHost("127.0.0.1");
    settings.setPort(smtp.port());
    settings.getJavaMailProperties().putAll(properties);
    return new SmtpClient(settings, clock());
  }

  private static void send(SmtpClient client) throws MessagingException {
    send(client, "hello");
  }

  private static void send(SmtpClient client, String text) throws MessagingException {
    var mail = client.newMail();
    mail.setFrom("orders@shop.test");
    mail.setRecipients(RecipientType.TO, "ada@example.org");
    mail.setText(text);
    client.send(mail);
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return now;
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }
}
