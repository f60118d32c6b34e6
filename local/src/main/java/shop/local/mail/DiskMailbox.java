package shop.local.mail;

import com.icegreen.greenmail.mail.MovingMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The mailbox of an address. Mails go to the store on disk, so GreenMail keeps none in memory. */
record DiskMailbox(String address, MailStore store) implements GreenMailUser {

  @Override
  public void deliver(MovingMessage message) {
    deliver(message.getMessage());
  }

  @Override
  public void deliver(MimeMessage message) {
    try {
      store.add(address, message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MessagingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public String getEmail() {
    return address;
  }

  @Override
  public String getLogin() {
    return address;
  }

  @Override
  public String getQualifiedMailboxName() {
    return address;
  }

  @Override
  public String getPassword() {
    return "";
  }

  @Override
  public void create() {
    // Every address exists.
  }

  @Override
  public void delete() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setPassword(String password) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void authenticate(String password) {
    throw new UnsupportedOperationException();
  }
}
