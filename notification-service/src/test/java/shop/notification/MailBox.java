package shop.notification;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.util.Arrays;
import java.util.List;
import shop.local.os.Ports;

/** A mail server whose mails a test reads, and that can go away. */
public final class MailBox {

  private final int port = Ports.freeBlock(1);
  private GreenMail server = start();

  public int port() {
    return port;
  }

  /** The mails for an address, in the order they came. */
  public List<MimeMessage> of(String address) {
    return Arrays.stream(server.getReceivedMessages()).filter(mail -> isTo(mail, address)).toList();
  }

  public List<String> subjects(String address) {
    return of(address).stream().map(MailBox::subject).toList();
  }

  public void goesAway() {
    server.stop();
  }

  public void comesBack() {
    server = start();
  }

  private GreenMail start() {
    var started = new GreenMail(new ServerSetup(port, Ports.LOCALHOST, ServerSetup.PROTOCOL_SMTP));
    started.start();
    return started;
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
