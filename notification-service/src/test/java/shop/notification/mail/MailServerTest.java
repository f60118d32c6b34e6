package shop.notification.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
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
    try (var deaf = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var server = server(deaf.getLocalPort(), Map.of("mail.smtp.writetimeout", "300"));
      for (int i = 0; i < 2; i++) {
        var send = CompletableFuture.runAsync(() -> connectAndWrite(server, 32_000_000));
        try (var _ = greeted(deaf)) {
          assertThatThrownBy(() -> send.get(1, TimeUnit.MINUTES))
              .rootCause()
              .isInstanceOf(IOException.class);
        }
      }
    }
  }

  /** Takes a client as far as to the message, of which it reads nothing. */
  private static Socket greeted(ServerSocket deaf) throws IOException {
    var client = deaf.accept();
    var in =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    var out = client.getOutputStream();
    out.write("220 test\r\n".getBytes(StandardCharsets.US_ASCII));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      boolean message = line.startsWith("DATA");
      out.write((message ? "354 go on\r\n" : "250 ok\r\n").getBytes(StandardCharsets.US_ASCII));
      if (message) {
        break;
      }
    }
    return client;
  }

  private static void connectAndWrite(MailServer server, int characters) {
    try {
      var mail = server.mail();
      mail.setFrom("orders@shop.test");
      mail.setRecipients(RecipientType.TO, "ada@example.org");
      mail.setText("hello\n".repeat(characters / 6));
      server.send(mail);
    } catch (MessagingException e) {
      throw new CompletionException(e);
    }
  }

  private MailServer server(ScriptedSmtp smtp) {
    return server(smtp.port(), Map.of());
  }

  private MailServer server(int port, Map<String, String> properties) {
    var settings = new JavaMailSenderImpl();
    settings.setHost("127.0.0.1");
    settings.setPort(port);
    settings.getJavaMailProperties().putAll(properties);
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
