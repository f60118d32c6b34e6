package shop.local.broker;

import static shop.local.os.Ports.LOCALHOST;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import shop.local.mail.Mail;
import shop.local.mail.MailSink;
import shop.local.os.JavaCommand;
import shop.local.os.LaunchException;
import shop.local.os.Probe;
import shop.local.os.ProcessFiles;
import shop.local.os.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The mail sink as a process. It stores mails in {@code <data>/mails} and shows them on a page. */
public final class MailServer extends Broker {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final byte[] NO_REQUEST = {};
  private static final JsonMapper JSON = new JsonMapper();

  private final int smtpPort;
  private final int pagePort;

  public MailServer(Path folder, int smtpPort, int pagePort) {
    this(ProcessFiles.in(folder, "mail"), smtpPort, pagePort);
  }

  public MailServer(ProcessFiles files, int smtpPort, int pagePort) {
    super(files, START_TIMEOUT);
    this.smtpPort = smtpPort;
    this.pagePort = pagePort;
  }

  public MailEndpoint endpoint() {
    return new MailEndpoint(LOCALHOST, smtpPort, this::mails);
  }

  /** The page that shows the mails. */
  public URI page() {
    return URI.create("http://" + LOCALHOST + ":" + pagePort + "/");
  }

  /** The folder of the mails, one file each. */
  public Path folder() {
    return data().resolve("mails");
  }

  /** The newest 10,000 mails, newest first. */
  public List<Mail> mails() {
    try {
      return JSON.readValue(get("mails.json"), new TypeReference<List<Mail>>() {});
    } catch (IOException e) {
      throw new LaunchException(
          "The mail sink does not respond on " + page() + ". Its log is in " + files().log(), e);
    }
  }

  private String get(String path) throws IOException {
    try (var http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
      var request = HttpRequest.newBuilder(page().resolve(path)).timeout(TIMEOUT).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  void prepare() {
    // The sink creates its folder itself.
  }

  @Override
  List<String> command() {
    return JavaCommand.withMaxHeap(192)
        .options("-Xss512k")
        .serialCollector()
        .quickCompiler()
        .exitOnOutOfMemory()
        .hugePages()
        .configuredOptions()
        .mainClass(
            ownClasses() + File.pathSeparator + Repository.classPath("libs"),
            MailSink.class.getName(),
            String.valueOf(smtpPort),
            String.valueOf(pagePort),
            folder().toString());
  }

  private static String ownClasses() {
    try {
      return Path.of(MailSink.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  boolean ready() throws IOException {
    // Not a list, which waits until the mails of earlier runs are read.
    return Probe.exchange(smtpPort, NO_REQUEST, 3).length == 3 && !get("mails/none").isEmpty();
  }
}
