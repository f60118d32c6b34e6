package shop.local.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** Stores mails as {@code .eml} files in a folder; their summaries are held in memory, too. */
final class MailStore {
  private static final String SUFFIX = ".eml";

  private final Path folder;
  private final Clock clock;
  private final AtomicLong lastId = new AtomicLong();
  private final ConcurrentSkipListMap<String, Mail> mails =
      new ConcurrentSkipListMap<>(Comparator.reverseOrder());

  MailStore(Path folder, Clock clock) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.clock = clock;
    try (var files = Files.list(folder)) {
      for (var file : files.filter(f -> f.toString().endsWith(SUFFIX)).toList()) {
        var name = file.getFileName().toString();
        var id = name.substring(0, name.length() - SUFFIX.length());
        mails.put(id, EmlFile.read(file).summary(id));
        lastId.accumulateAndGet(numberOf(id), Math::max);
      }
    }
  }

  /** Stores a mail for one recipient; its file is complete when this returns. */
  void add(String recipient, MimeMessage message) throws IOException, MessagingException {
    var now = clock.instant();
    var id = nextId(now);
    var file = folder.resolve(id + SUFFIX);
    var temporary = folder.resolve(id + ".new");
    try (var out = Files.newOutputStream(temporary)) {
      EmlFile.writeTraceHeaders(out, recipient, now);
      write(message, out);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    mails.put(id, EmlFile.read(file).summary(id));
  }

  private static void write(MimeMessage message, OutputStream out)
      throws IOException, MessagingException {
    message.writeTo(out);
  }

  /** Milliseconds since 1970, increased where taken, so that names sort by arrival. */
  private String nextId(Instant now) {
    return String.valueOf(lastId.updateAndGet(last -> Math.max(last + 1, now.toEpochMilli())));
  }

  private static long numberOf(String id) {
    return id.chars().allMatch(Character::isDigit) ? Long.parseLong(id) : 0;
  }

  /** Newest first. */
  List<Mail> all() {
    return List.copyOf(mails.values());
  }

  Optional<EmlFile> find(String id) throws IOException {
    return mails.containsKey(id)
        ? Optional.of(EmlFile.read(folder.resolve(id + SUFFIX)))
        : Optional.empty();
  }
}
