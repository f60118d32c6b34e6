package shop.notification.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import org.springframework.mail.javamail.MimeMessageHelper;
import org.springframework.stereotype.Component;
import shop.notification.Channel;
import shop.notification.Delivery;
import shop.notification.DeliveryDeferred;
import shop.notification.Messenger;
import shop.notification.PermanentDeliveryFailure;
import shop.notification.contact.Contact;
import shop.notification.contact.Contacts;
import shop.notification.contact.ContactsUnavailable;
import shop.notification.contact.UnknownContact;

/** Sends deliveries by e-mail. */
@Component
final class MailMessenger implements Messenger {

  private final SmtpClient smtp;
  private final MailTexts texts;
  private final Contacts contacts;
  private final MailSettings settings;

  MailMessenger(SmtpClient smtp, MailTexts texts, Contacts contacts, MailSettings settings) {
    this.smtp = smtp;
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
      throw new PermanentDeliveryFailure("The recipient's e-mail address is malformed");
    }
    try {
      smtp.send(mail);
    } catch (MessagingException e) {
      throw SmtpFailure.of(e);
    }
  }

  private Contact contact(Delivery delivery) {
    try {
      return contacts.of(delivery.recipient());
    } catch (UnknownContact e) {
      throw new PermanentDeliveryFailure(
          "The topic accounts contains no registration of account " + delivery.recipient());
    } catch (ContactsUnavailable e) {
      throw new DeliveryDeferred("The recipient's address cannot be looked up", e);
    }
  }

  /**
   * The Message-ID is derived from the delivery's id, so that mail servers and clients can detect
   * duplicates.
   */
  private MimeMessage mail(Delivery delivery, Contact contact) throws MessagingException {
    var text = texts.of(delivery);
    var mail = smtp.newMail();
    var parts = new MimeMessageHelper(mail, true, StandardCharsets.UTF_8.name());
    parts.setFrom(settings.from());
    parts.setTo(contact.email());
    parts.setSubject(text.subject());
    parts.setText(text.plain(), text.html());
    mail.setHeader("X-Order-Id", delivery.orderId().toString());
    mail.setHeader("Auto-Submitted", "auto-generated");
    mail.saveChanges(); // sets a generated Message-ID
    mail.setHeader("Message-ID", "<" + delivery.id() + "@" + settings.domain() + ">");
    return mail;
  }
}
