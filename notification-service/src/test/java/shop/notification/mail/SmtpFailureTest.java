package shop.notification.mail;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import shop.local.os.Ports;
import shop.notification.PermanentDeliveryFailure;
import shop.notification.TransientDeliveryFailure;

class SmtpFailureTest {

  @ParameterizedTest
  @CsvSource({
    "RCPT, 550 5.1.1 <ada@example.org>: no such user",
    "RCPT, 552 5.2.2 mailbox of ada@example.org is full",
    "DATA, 554 5.7.1 ada@example.org does not want this"
  })
  void permanentRejectionIsAPermanentFailure(String verb, String reply) throws IOException {
    assertThat(failure(verb, reply))
        .isInstanceOf(PermanentDeliveryFailure.class)
        .hasMessageContaining(reply.substring(0, 9))
        .hasMessageNotContaining("ada@");
  }

  @ParameterizedTest
  @CsvSource({
    "RCPT, 451 4.7.1 ada@example.org is greylisted",
    "DATA, 452 4.3.1 no space",
    "MAIL, 550 5.7.1 this sender may not",
    "EHLO, 421 4.3.2 shutting down"
  })
  void otherFailuresAreTransient(String verb, String reply) throws IOException {
    assertThat(failure(verb, reply))
        .isInstanceOf(TransientDeliveryFailure.class)
        .hasMessageNotContaining("ada@");
  }

  @Test
  void unreachableServerIsATransientFailure() {
    assertThat(failure(Ports.freeBlock(1))).isInstanceOf(TransientDeliveryFailure.class);
  }

  private static RuntimeException failure(String verb, String reply) throws IOException {
    var replies = verb.equals("EHLO") ? Map.of("EHLO", reply, "HELO", reply) : Map.of(verb, reply);
    try (var server = new ScriptedSmtp(replies)) {
      return failure(server.port());
    }
  }

  private static RuntimeException failure(int port) {
    var sender = new JavaMailSenderImpl();
    sender.setHost("127.0.0.1");
    sender.setPort(port);
    var timeouts = new Properties();
    timeouts.put("mail.smtp.timeout", "5000");
    sender.setJavaMailProperties(timeouts);
    var client = new SmtpClient(sender, Clock.systemUTC());
    try {
      client.send(mail(client));
    } catch (MessagingException e) {
      return SmtpFailure.of(e);
    }
    throw new AssertionError("The mail was accepted");
  }

  private static MimeMessage mail(SmtpClient client) throws MessagingException {
    var mail = client.newMail();
    mail.setFrom("orders@shop.test");
    mail.setRecipients(Message.RecipientType.TO, "ada@example.org");
    mail.setText("hello");
    return mail;
  }
}
