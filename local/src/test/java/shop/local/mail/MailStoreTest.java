package shop.local.mail;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MailStoreTest {
  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(5000), ZoneOffset.UTC);

  @TempDir Path folder;

  @Test
  void onlyTheNewestMailsOfEarlierRunsAreKept() throws IOException {
    for (int i = 1000; i < 1010; i++) {
      Files.writeString(folder.resolve(i + ".eml"), "Subject: mail " + i + "\r\n\r\nText");
    }

    var store = new MailStore(folder, CLOCK, 3);

    assertThat(store.all()).extracting(Mail::id).containsExactly("1009", "1008", "1007");
    assertThat(files()).containsExactly("1007.eml", "1008.eml", "1009.eml");
    assertThat(store.find("1000")).isEmpty();
  }

  @Test
  @Timeout(30)
  void theSinkDoesNotWaitForTheMailsOfEarlierRunsToBeRead() throws Exception {
    var pipe = folder.resolve("1000.eml");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    // Reading the pipe blocks until somebody writes to it.
    new MailStore(folder, CLOCK, 3).add("ada@shop.test", mail("Subject: new\r\n\r\nText"));

    Files.writeString(pipe, "Subject: old\r\n\r\nText");
  }

  @Test
  void anArrivingMailReplacesTheOldest() throws Exception {
    var store = new MailStore(folder, CLOCK, 2);
    for (int i = 0; i < 4; i++) {
      store.add("ada@shop.test", mail("Subject: " + i + "\r\n\r\nText"));
    }

    assertThat(store.all()).extracting(Mail::subject).containsExactly("3", "2");
    assertThat(files()).containsExactly("5002.eml", "5003.eml");
  }

  @Test
  void aFileThatIsNoMailDoesNotHideTheOthers() throws IOException {
    Files.createDirectory(folder.resolve("1001.eml"));
    Files.writeString(folder.resolve("1000.eml"), "Subject: mail\r\n\r\nText");

    assertThat(new MailStore(folder, CLOCK, 3).all()).extracting(Mail::id).containsExactly("1000");
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static MimeMessage mail(String text) throws Exception {
    return new MimeMessage(
        null, new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
  }
}
