package shop.notification.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import org.springframework.mail.javamail.MimeMessageHelper;
import org.springframework.stereotype.Component;
import shop.notification.Channel;
import shop.notification.Delivery;
import shop.notification.Messenger;
import shop.notification.NotDelivered;
import shop.notification.Undeliverable;
import shop.notification.contact.Contact;
import shop.notification.contact.Contacts;
import shop.notification.contact.ContactsUnavailable;
import shop.notification.contact.UnknownContact;

/** Hands deliveries to the mail server. */
@Component
final class MailMessenger implements Messenger {

  private final MailServer server;
  private final MailTexts texts;
  private final Contacts contacts;
  private final MailSettings settings;

  MailMessenger(MailServer server, MailTexts texts, Contacts contacts, MailSettings settings) {
    this.server = server;
    this.texts = texts;
    this.contacts = contacts;
    this.settings = settings;
  }

  @Override
  public Channel channel() {
    return Channel.EMAIL;
  }

  @Override
  public void send(Delivery delivery) {
    var contact = contact(delivery);
    MimeMessage mail;
    try {
      mail = mail(delivery, contact);
    } catch (MessagingException e) {
      throw new Undeliverable("The recipient's address is not one");
    }
    try {
      server.send(mail);
    } catch (MessagingException e) {
      throw SmtpFailure.of(e);
    }
  }

  private Contact contact(Delivery delivery) {
    try {
      return contacts.of(delivery.recipient());
    } catch (UnknownContact e) {
      throw new Undeliverable("Account " + delivery.recipient() + " was never registered");
    } catch (ContactsUnavailable e) {
      throw new NotDelivered("The topic accounts cannot be read to its end now");
    }
  }

  /** The id is the delivery's, so that a mail server or reader can tell a duplicate. */
  private MimeMessage mail(Delivery delivery, Contact contact) throws MessagingException {
    var text = texts.of(delivery);
    var mail = server.mail();
    var parts = new MimeMessageHelper(mail, true, StandardCharsets.UTF_8.name());
    parts.setFrom(settings.from());
    parts.setTo(contact.email());
    parts.setSubject(text.subject());
    parts.setText(text.plain(), text.html());
    mail.setHeader("X-Order-Id", delivery.orderId().toString());
    mail.setHeader("Auto-Submitted", "auto-generated");
    mail.saveChanges(); // which makes an id of its own
    mail.setHeader("Message-ID", "<" + delivery.id() + "@" + settings.domain() + ">");
    return mail;
  }
}
