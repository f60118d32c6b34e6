package shop.notification;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.util.Arrays;
import java.util.List;
import shop.local.os.Ports;

/** A mail server whose mails a test can read, and that a test can stop and start. */
public final class TestMailServer {

  private final int port = Ports.freeBlock(1);
  private GreenMail server = started();

  public int port() {
    return port;
  }

  /** The mails to an address, in the order of their arrival. */
  public List<MimeMessage> mailsTo(String address) {
    return Arrays.stream(server.getReceivedMessages()).filter(mail -> isTo(mail, address)).toList();
  }

  public List<String> subjects(String address) {
    return mailsTo(address).stream().map(TestMailServer::subject).toList();
  }

  public void stop() {
    server.stop();
  }

  public void restart() {
    server = started();
  }

  private GreenMail started() {
    var greenMail =
        new GreenMail(new ServerSetup(port, Ports.LOCALHOST, ServerSetup.PROTOCOL_SMTP));
    greenMail.start();
    return greenMail;
  }

  private static String subject(MimeMessage mail) {
    try {
      return mail.getSubject();
    } catch (MessagingException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isTo(MimeMessage mail, String address) {
    try {
      return mail.getAllRecipients()[0].toString().equals(address);
    } catch (MessagingException e) {
      throw new AssertionError(e);
    }
  }
}
