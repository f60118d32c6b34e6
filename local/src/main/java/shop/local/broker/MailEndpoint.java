package shop.local.broker;

import java.util.List;
import java.util.function.Supplier;
import shop.local.mail.Mail;

/**
 * An SMTP server, and the mails that it has received.
 *
 * @param received returns them, newest first
 */
public record MailEndpoint(String host, int port, Supplier<List<Mail>> received) {

  /** All received mails, newest first. */
  public List<Mail> mails() {
    return received.get();
  }

  /** The mails to one address, newest first. */
  public List<Mail> mailsTo(String address) {
    return mails().stream().filter(mail -> mail.to().equalsIgnoreCase(address)).toList();
  }
}
