package shop.local.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stores the newest mails as {@code .eml} files in a folder; their summaries are held in memory,
 * too. Older mails are deleted.
 */
final class MailStore {
  /** How many mails the sink keeps. */
  static final int CAPACITY = 10_000;

  private static final String SUFFIX = ".eml";

  private final Path folder;
  private final Clock clock;
  private final int capacity;
  private final AtomicLong lastId = new AtomicLong();
  private final NavigableSet<String> ids = new ConcurrentSkipListSet<>(Comparator.reverseOrder());
  private final AtomicInteger count = new AtomicInteger();
  private final Map<String, Mail> summaries = new ConcurrentHashMap<>();
  private final Thread loader;

  /** Returns when the names are listed; the mails are read and old ones deleted meanwhile. */
  MailStore(Path folder, Clock clock, int capacity) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.clock = clock;
    this.capacity = capacity;
    try (var files = Files.list(folder)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .forEach(ids::add);
    }
    ids.forEach(id -> lastId.accumulateAndGet(numberOf(id), Math::max));
    count.set(ids.size());
    loader = Thread.ofPlatform().name("mail-loader").daemon().start(this::load);
  }

  private void load() {
    deleteOldest();
    ids.forEach(this::summarize);
  }

  private void summarize(String id) {
    try {
      summaries.put(id, EmlFile.read(file(id)).summary(id));
      if (!ids.contains(id)) {
        summaries.remove(id);
      }
    } catch (NoSuchFileException deletedMeanwhile) {
      summaries.remove(id);
    } catch (IOException | RuntimeException e) {
      System.err.println("Skipping the mail " + file(id) + ", which cannot be read: " + e);
    }
  }

  private void deleteOldest() {
    while (count.get() > capacity) {
      var oldest = ids.pollLast();
      if (oldest == null) {
        return;
      }
      count.decrementAndGet();
      summaries.remove(oldest);
      try {
        Files.deleteIfExists(file(oldest));
      } catch (IOException e) {
        System.err.println("The old mail " + file(oldest) + " cannot be deleted: " + e);
      }
    }
  }

  private Path file(String id) {
    return folder.resolve(id + SUFFIX);
  }

  /** Stores a mail for one recipient; its file is complete when this returns. */
  void add(String recipient, MimeMessage message) throws IOException, MessagingException {
    var now = clock.instant();
    var id = nextId(now);
    var temporary = folder.resolve(id + ".new");
    try (var out = Files.newOutputStream(temporary)) {
      EmlFile.writeTraceHeaders(out, recipient, now);
      write(message, out);
    }
    Files.move(temporary, file(id), StandardCopyOption.ATOMIC_MOVE);
    summaries.put(id, EmlFile.read(file(id)).summary(id));
    ids.add(id);
    count.incrementAndGet();
    deleteOldest();
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

  /** Newest first; waits until the mails of earlier runs are read. */
  List<Mail> all() {
    try {
      loader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ids.stream().map(summaries::get).filter(Objects::nonNull).toList();
  }

  Optional<EmlFile> find(String id) throws IOException {
    return ids.contains(id) ? Optional.of(EmlFile.read(file(id))) : Optional.empty();
  }
}
