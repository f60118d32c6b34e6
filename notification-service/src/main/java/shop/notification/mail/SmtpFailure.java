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
import shop.notification.NotDelivered;
import shop.notification.Undeliverable;

/**
 * What a mail server's refusal means (RFC 5321 §4.2.1): 5yz for the recipient or the message is for
 * good; everything else, also a refused login or sender, which somebody here has to mend, is tried
 * again.
 */
final class SmtpFailure {

  private static final Pattern ADDRESS = Pattern.compile("<?[^\\s<>]+@[^\\s<>]+>?");

  private SmtpFailure() {}

  static RuntimeException of(MessagingException failure) {
    String said = failure.getClass().getSimpleName();
    for (var cause : causes(failure)) {
      switch (cause) {
        case AddressException _ -> {
          return new Undeliverable("The recipient's address is not one");
        }
        case SMTPAddressFailedException refused when isForGood(refused.getReturnCode()) -> {
          return new Undeliverable("The mail server refuses the recipient: " + text(refused));
        }
        case SMTPSendFailedException refused when isAboutTheMail(refused) -> {
          return new Undeliverable("The mail server refuses the mail: " + text(refused));
        }
        case MessagingException other -> said = text(other);
        default -> said = cause.getClass().getSimpleName() + ": " + text(cause);
      }
    }
    return new NotDelivered("The mail server did not take the mail: " + said);
  }

  private static boolean isAboutTheMail(SMTPSendFailedException refused) {
    return isForGood(refused.getReturnCode()) && !refused.getCommand().startsWith("MAIL");
  }

  private static boolean isForGood(int code) {
    return code >= 500 && code <= 599;
  }

  /** What it said, without addresses: it goes to logs and dead letters. */
  private static String text(Throwable cause) {
    return ADDRESS.matcher(String.valueOf(cause.getMessage())).replaceAll("(address)").strip();
  }

  /** The failure, what caused it and what came with it. */
  private static Set<Throwable> causes(MessagingException failure) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> open = new ArrayDeque<>();
    open.add(failure);
    while (!open.isEmpty()) {
      var next = open.poll();
      if (seen.add(next)) {
        if (next.getCause() != null) {
          open.add(next.getCause());
        }
        if (next instanceof MessagingException messaging && messaging.getNextException() != null) {
          open.add(messaging.getNextException());
        }
      }
    }
    return seen;
  }
}
