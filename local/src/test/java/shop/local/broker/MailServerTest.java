package shop.local.broker;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Message.RecipientType;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.local.mail.Mail;
import shop.local.os.Ports;

class MailServerTest {
  @TempDir Path folder;
  private MailServer mail;

  @BeforeEach
  void start() {
    mail = new MailServer(folder, Ports.freeBlock(1), Ports.freeBlock(1));
    mail.start();
  }

  @AfterEach
  void stop() {
    mail.stop();
  }

  @Test
  void aMailIsStoredBeforeItIsAcknowledged() throws Exception {
    send("ada@shop.test", "Order placed", "Thank you, Ada", "<p>Thank you</p>");

    try (var files = Files.list(mail.folder())) {
      assertThat(files).singleElement().asString().endsWith(".eml");
    }
    assertThat(mail.mails())
        .singleElement()
        .satisfies(sent -> {
          assertThat(sent.to()).isEqualTo("ada@shop.test");
          assertThat(sent.subject()).isEqualTo("Order placed");
          assertThat(sent.text()).contains("Thank you, Ada");
        });
  }

  @Test
  void mailsSurviveAKillAndAreListedNewestFirst() throws Exception {
    send("ada@shop.test", "first", "1", "1");
    send("bob@shop.test", "second", "2", "2");

    mail.kill();
    mail.start();
    send("ada@shop.test", "third – größer", "3", "3");

    assertThat(mail.mails())
        .extracting(Mail::subject)
        .containsExactly("third – größer", "second", "first");
    assertThat(mail.endpoint().mailsTo("ADA@shop.test"))
        .extracting(Mail::subject)
        .containsExactly("third – größer", "first");
    assertThat(get("mails.json?to=bob%40shop.test").body())
        .contains("second")
        .doesNotContain("first");
  }

  @Test
  void thePageShowsTheNewestMailsAndTheNumberOfAll() throws Exception {
    mail.kill();
    for (int i = 1000; i < 1201; i++) {
      Files.writeString(mail.folder().resolve(i + ".eml"), "Subject: mail " + i + "\r\n\r\nText");
    }
    mail.start();

    assertThat(mail.mails()).hasSize(201);
    assertThat(get("").body())
        .contains("201 mails, the newest 200 are shown", "mail 1200", "mail 1001")
        .doesNotContain("mail 1000");
  }

  @Test
  void scriptsInAMailDoNotReachThePage() throws Exception {
    send("ada@shop.test", "<script>alert(1)</script>", "<b>", "<script>alert(2)</script>");
    var id = mail.mails().getFirst().id();

    assertThat(get("").body()).doesNotContain("<script>").contains("&lt;script&gt;");
    assertThat(get("mails/" + id).body()).doesNotContain("<script>").contains("<iframe sandbox ");
    var body = get("mails/" + id + "/body");
    assertThat(body.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("sandbox")
        .contains("default-src 'none'");
  }

  @Test
  void noOtherFileCanBeRead() throws Exception {
    assertThat(get("mails/..%2F..%2Fmail").statusCode()).isEqualTo(404);
    assertThat(get("nothing").statusCode()).isEqualTo(404);
  }

  private void send(String to, String subject, String text, String html) throws Exception {
    var settings = new Properties();
    settings.setProperty("mail.smtp.host", mail.endpoint().host());
    settings.setProperty("mail.smtp.port", String.valueOf(mail.endpoint().port()));
    var message = new MimeMessage(Session.getInstance(settings));
    message.setFrom(new InternetAddress("shop@shop.test"));
    message.setRecipient(RecipientType.TO, new InternetAddress(to));
    message.setSubject(subject, "UTF-8");
    var plain = new MimeBodyPart();
    plain.setText(text, "UTF-8");
    var rich = new MimeBodyPart();
    rich.setText(html, "UTF-8", "html");
    message.setContent(new MimeMultipart("alternative", plain, rich));
    Transport.send(message);
  }

  private HttpResponse<String> get(String path) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(mail.page().resolve(path)).build();
      return http.send(request, BodyHandlers.ofString());
    }
  }
}
