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
 * The process that receives mails over SMTP, stores each in a file and shows them on a web page:
 * {@code MailSink <SMTP port> <HTTP port> <folder>}.
 */
public final class MailSink {
  private static final String HOST = "127.0.0.1";

  // A domain that rejects every mail, to try a permanent delivery failure.
  private static final String REJECTED_DOMAIN = "@refused.test";

  private MailSink() {}

  public static void main(String[] arguments) throws IOException {
    var smtpPort = Integer.parseInt(arguments[0]);
    var httpPort = Integer.parseInt(arguments[1]);
    // Without this property, Jakarta Mail searches all jars for the provider, several times a mail.
    System.setProperty(StreamProvider.class.getName(), MailStreamProvider.class.getName());
    var store = new MailStore(Path.of(arguments[2]), Clock.systemUTC(), MailStore.CAPACITY);

    var smtp = new GreenMail(new ServerSetup(smtpPort, HOST, ServerSetup.PROTOCOL_SMTP));
    smtp.withConfiguration(new GreenMailConfiguration().withDisabledAuthentication());
    smtp.start();
    smtp.getUserManager()
        .setMessageDeliveryHandler((_, address) -> mailbox(address.getEmail(), store));

    var http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), httpPort), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", new MailWebHandler(store));
    http.start();
  }

  private static DiskMailbox mailbox(String address, MailStore store) throws UserException {
    if (address.endsWith(REJECTED_DOMAIN)) {
      throw new UserException("Mail to " + REJECTED_DOMAIN + " is rejected");
    }
    return new DiskMailbox(address, store);
  }
}
