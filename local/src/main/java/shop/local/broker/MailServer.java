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
import java.util.ArrayList;
import java.util.List;
import shop.local.mail.Mail;
import shop.local.mail.MailSink;
import shop.local.os.Failure;
import shop.local.os.JvmOptions;
import shop.local.os.Probe;
import shop.local.os.ProcessFiles;
import shop.local.os.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The mail sink as a process: mails lie in {@code <data>/mails} and on a web page. */
public final class MailServer extends Broker {
  private static final Duration START_LIMIT = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final byte[] NOTHING = {};
  private static final JsonMapper JSON = new JsonMapper();

  private final int smtpPort;
  private final int pagePort;

  public MailServer(Path folder, int smtpPort, int pagePort) {
    this(ProcessFiles.in(folder, "mail"), smtpPort, pagePort);
  }

  public MailServer(ProcessFiles place, int smtpPort, int pagePort) {
    super(place, START_LIMIT);
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

  /** The folder that holds them, a file each. */
  public Path folder() {
    return data().resolve("mails");
  }

  /** What has arrived, newest first. */
  public List<Mail> mails() {
    try {
      return JSON.readValue(get("mails.json"), new TypeReference<List<Mail>>() {});
    } catch (IOException e) {
      throw new Failure("The mail sink does not answer on " + page(), e);
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
    // The sink makes its folder itself.
  }

  @Override
  List<String> command() {
    var command = new ArrayList<String>();
    command.add(Repository.java());
    command.addAll(
        List.of(
            "-Xmx192m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            JvmOptions.QUICK,
            "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(JvmOptions.HUGE_PAGES);
    command.addAll(JvmOptions.given());
    command.addAll(
        List.of(
            "-cp",
            ownClasses() + File.pathSeparator + Repository.jars("libs"),
            MailSink.class.getName(),
            String.valueOf(smtpPort),
            String.valueOf(pagePort),
            folder().toString()));
    return command;
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
    // Nobody's mails: all of them may be thousands.
    return Probe.exchange(smtpPort, NOTHING, 3).length == 3
        && !get("mails.json?to=nobody").isEmpty();
  }
}
