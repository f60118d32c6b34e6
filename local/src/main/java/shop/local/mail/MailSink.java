package shop.local.mail;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.user.UserException;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import jakarta.mail.util.StreamProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Executors;
import org.eclipse.angus.mail.util.MailStreamProvider;

/**
 * The process that takes every mail over SMTP, keeps it as a file and shows it on a web page:
 * {@code MailSink <SMTP port> <HTTP port> <folder>}.
 */
public final class MailSink {
  private static final String HOST = "127.0.0.1";

  // For whoever wants to see what becomes of a mail that can never be delivered.
  private static final String REFUSED = "@refused.test";

  private MailSink() {}

  public static void main(String[] arguments) throws IOException {
    var smtpPort = Integer.parseInt(arguments[0]);
    var httpPort = Integer.parseInt(arguments[1]);
    // Else Jakarta Mail looks through all jars for it, several times a mail.
    System.setProperty(StreamProvider.class.getName(), MailStreamProvider.class.getName());
    var store = new MailStore(Path.of(arguments[2]), Clock.systemUTC());

    var smtp = new GreenMail(new ServerSetup(smtpPort, HOST, ServerSetup.PROTOCOL_SMTP));
    smtp.withConfiguration(new GreenMailConfiguration().withDisabledAuthentication());
    smtp.start();
    smtp.getUserManager()
        .setMessageDeliveryHandler((_, address) -> mailbox(address.getEmail(), store));

    var http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), httpPort), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", new MailPages(store));
    http.start();
  }

  private static Recipient mailbox(String address, MailStore store) throws UserException {
    if (address.endsWith(REFUSED)) {
      throw new UserException("Nobody at " + REFUSED + " takes mail");
    }
    return new Recipient(address, store);
  }
}
