package shop.notification.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  private MailServer server(ScriptedSmtp smtp) {
    var settings = new JavaMailSenderImpl();
    settings.setHost("127.0.0.1");
    settings.setPort(smtp.port());
    return new MailServer(settings, clock());
  }

  private static void send(MailServer server) throws MessagingException {
    var mail = server.mail();
    mail.setFrom("orders@shop.test");
    mail.setRecipients(RecipientType.TO, "ada@example.org");
    mail.setText("hello");
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
