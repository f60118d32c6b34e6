package shop.sandbox.ledger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.sandbox.Fact;
import tools.jackson.core.JacksonException;

/** The append-only file of facts: one JSON line each, locked against a second process. */
final class LedgerFile implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LedgerFile.class);

  private final Path path;
  private final FileChannel channel;
  private long end;
  private long seq;

  private LedgerFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Opens or makes the file, cuts off a last step that a crash left half-written, and gives every
   * fact to the follower.
   */
  static LedgerFile open(Path folder, Follower follower) {
    var path = folder.resolve("ledger.jsonl");
    try {
      Files.createDirectories(folder);
      var channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        if (lock(channel) == null) {
          throw new LedgerUnavailable(
              "Another sandbox is using %s: stop it, or set SANDBOX_DATA_DIR to another folder."
                  .formatted(path.toAbsolutePath()));
        }
        var file = new LedgerFile(path, channel);
        file.replay(follower);
        return file;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new LedgerUnavailable(
          "Cannot open the ledger %s (%s): set SANDBOX_DATA_DIR to a folder that can be written."
              .formatted(path.toAbsolutePath(), e),
          e);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      LOG.debug("locked within this process", e);
      return null;
    }
  }

  private void replay(Follower follower) throws IOException {
    var step = new ArrayList<Fact>();
    var spans = new ArrayList<FileRange>();
    long offset = 0;
    var lines = new LedgerReader(channel);
    for (var json = lines.next(); json != null; json = lines.next()) {
      var line = parse(json, seq + step.size() + 1);
      step.add(line.data());
      spans.add(new FileRange(offset, json.length));
      offset += json.length + 1;
      if (!line.more()) {
        for (int i = 0; i < step.size(); i++) {
          follower.on(step.get(i), spans.get(i));
        }
        seq += step.size();
        end = offset;
        step.clear();
        spans.clear();
      }
    }
    long torn = channel.size() - end;
    if (torn > 0) {
      LOG.warn("Cut {} bytes off the ledger: a step that was never answered.", torn);
      channel.truncate(end);
      channel.force(true);
    }
    LOG.info("The ledger holds {} facts in {} bytes.", seq, end);
  }

  private LedgerRecord parse(byte[] json, long expected) {
    try {
      var line = LedgerRecord.parse(json);
      if (line.seq() == expected) {
        return line;
      }
    } catch (JacksonException e) {
      throw damaged(expected, e);
    }
    throw damaged(expected, null);
  }

  private LedgerUnavailable damaged(long number, @Nullable Exception cause) {
    var message =
        "Line %d of %s is not the fact that belongs there: restore the file, or move it away to start with an empty ledger."
            .formatted(number, path.toAbsolutePath());
    return cause == null ? new LedgerUnavailable(message) : new LedgerUnavailable(message, cause);
  }

  /**
   * Writes one step after the last.
   *
   * @return where each of its lines will lie, valid once {@link #write} has returned
   */
  List<FileRange> put(List<byte[]> facts, ByteArrayOutputStream batch, long pending) {
    var spans = new ArrayList<FileRange>(facts.size());
    for (int i = 0; i < facts.size(); i++) {
      int start = batch.size();
      batch.writeBytes(LedgerRecord.head(++seq, i < facts.size() - 1));
      batch.writeBytes(facts.get(i));
      batch.writeBytes(LedgerRecord.tail());
      spans.add(new FileRange(pending + start, batch.size() - start - 1));
    }
    return spans;
  }

  long end() {
    return end;
  }

  void write(byte[] batch, boolean fsync) throws IOException {
    var buffer = ByteBuffer.wrap(batch);
    while (buffer.hasRemaining()) {
      end += channel.write(buffer, end);
    }
    if (fsync) {
      channel.force(false);
    }
  }

  Fact read(FileRange span) throws IOException {
    var buffer = ByteBuffer.allocate(span.length());
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, span.offset() + buffer.position()) < 0) {
        throw new IOException("the file ends before the line at byte " + span.offset());
      }
    }
    return LedgerRecord.parse(buffer.array()).data();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
