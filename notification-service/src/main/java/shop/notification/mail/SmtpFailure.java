package shop.notification.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import shop.notification.PermanentDeliveryFailure;
import shop.notification.TransientDeliveryFailure;

/**
 * Classifies the failures of a mail server (RFC 5321 §4.2.1): a 5yz reply to the recipient or the
 * message is permanent. Everything else is retried, also a rejected login or sender, which only a
 * change of our configuration can fix.
 */
final class SmtpFailure {

  private static final Pattern ADDRESS = Pattern.compile("<?[^\\s<>]+@[^\\s<>]+>?");

  private SmtpFailure() {}

  static RuntimeException of(MessagingException failure) {
    String reason = failure.getClass().getSimpleName();
    for (var cause : causes(failure)) {
      switch (cause) {
        case AddressException _ -> {
          return new PermanentDeliveryFailure("The recipient's e-mail address is malformed");
        }
        case SMTPAddressFailedException rejected when isPermanent(rejected.getReturnCode()) -> {
          return new PermanentDeliveryFailure(
              "The mail server rejected the recipient: " + text(rejected));
        }
        case SMTPSendFailedException rejected when isMailRejected(rejected) -> {
          return new PermanentDeliveryFailure(
              "The mail server rejected the mail: " + text(rejected));
        }
        case MessagingException other -> reason = text(other);
        default -> reason = cause.getClass().getSimpleName() + ": " + text(cause);
      }
    }
    return new TransientDeliveryFailure("The mail server did not accept the mail: " + reason);
  }

  private static boolean isMailRejected(SMTPSendFailedException rejected) {
    return isPermanent(rejected.getReturnCode()) && !rejected.getCommand().startsWith("MAIL");
  }

  private static boolean isPermanent(int code) {
    return code >= 500 && code <= 599;
  }

  /** The message without e-mail addresses: it appears in logs and dead letters. */
  private static String text(Throwable cause) {
    return ADDRESS.matcher(String.valueOf(cause.getMessage())).replaceAll("(address)").strip();
  }

  /** The failure with its causes and the exceptions that are chained to it. */
  private static Set<Throwable> causes(MessagingException failure) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> pending = new ArrayDeque<>();
    pending.add(failure);
    while (!pending.isEmpty()) {
      var next = pending.poll();
      if (seen.add(next)) {
        if (next.getCause() != null) {
          pending.add(next.getCause());
        }
        if (next instanceof MessagingException messaging && messaging.getNextException() != null) {
          pending.add(messaging.getNextException());
        }
      }
    }
    return seen;
  }
}
