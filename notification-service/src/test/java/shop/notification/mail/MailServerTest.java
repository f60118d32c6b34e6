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

class MailServerTest {

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void nextMailTakesTheSameConnection() throws Exception {
    try (var smtp = new ScriptedSmtp(Map.of())) {
      var server = server(smtp);

      send(server);
      send(server);

      assertThat(smtp.connections()).isEqualTo(1);
    }
  }

  @Test
  void longRestEndsAConnection() throws Exception {
    try (var smtp = new ScriptedSmtp(Map.of())) {
      var server = server(smtp);

      send(server);
      now = now.plus(Duration.ofSeconds(6));
      send(server);

      assertThat(smtp.connections()).isEqualTo(2);
    }
  }

  @Test
  void failureEndsAConnection() throws IOException {
    try (var smtp = new ScriptedSmtp(Map.of("DATA", "451 4.3.0 not now"))) {
      var server = server(smtp);

      assertThatThrownBy(() -> send(server)).isInstanceOf(MessagingException.class);
      assertThatThrownBy(() -> send(server)).isInstanceOf(MessagingException.class);

      assertThat(smtp.connections()).isEqualTo(2);
    }
  }

  /** Neither the first connection nor one that follows a broken one waits for ever. */
  @Test
  void serverThatReadsNoFurtherEndsAConnection() throws IOException {
    try (var smtp = new ScriptedSmtp(Map.of("DATA", ScriptedSmtp.DEAF))) {
      var server = server(smtp, Map.of("mail.smtp.writetimeout", "300"));
      String text = "hello\n".repeat(5_000_000);
      for (int connection = 1; connection <= 2; connection++) {
        assertTimeoutPreemptively(
            Duration.ofMinutes(1),
            () ->
                assertThatThrownBy(() -> send(server, text))
                    .isInstanceOf(MessagingException.class)
                    .rootCause()
                    .isInstanceOf(IOException.class));
        assertThat(smtp.connections()).isEqualTo(connection);
      }
    }
  }

  private MailServer server(ScriptedSmtp smtp) {
    return server(smtp, Map.of());
  }

  private MailServer server(ScriptedSmtp smtp, Map<String, String> properties) {
    var settings = new JavaMailSenderImpl();
    settings.setHost("127.0.0.1");
    settings.setPort(smtp.port());
    settings.getJavaMailProperties().putAll(properties);
    return new MailServer(settings, clock());
  }

  private static void send(MailServer server) throws MessagingException {
    send(server, "hello");
  }

  private static void send(MailServer server, String text) throws MessagingException {
    var mail = server.mail();
    mail.setFrom("orders@shop.test");
    mail.setRecipients(RecipientType.TO, "ada@example.org");
    mail.setText(text);
    server.send(mail);
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
