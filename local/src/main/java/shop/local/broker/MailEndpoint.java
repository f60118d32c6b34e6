package shop.local.broker;

import java.util.List;
import java.util.function.Supplier;
import shop.local.mail.Mail;

/** Where mails are sent to (SMTP), and what has arrived, newest first. */
public record MailEndpoint(String host, int port, Supplier<List<Mail>> arrived) {

  /** All mails that have arrived, newest first. */
  public List<Mail> mails() {
    return arrived.get();
  }

  /** Those for one address, newest first. */
  public List<Mail> mailsTo(String address) {
    return mails().stream().filter(mail -> mail.to().equalsIgnoreCase(address)).toList();
  }
}
