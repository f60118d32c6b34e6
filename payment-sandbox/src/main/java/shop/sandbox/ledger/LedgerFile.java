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

/** The append-only file of facts: one JSON line per fact, locked against a second process. */
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
   * Opens or creates the file, truncates a last append that a crash left incomplete, and passes
   * every fact to the listener.
   */
  static LedgerFile open(Path folder, FactListener listener) {
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
        file.replay(listener);
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
      LOG.debug("The ledger is locked within this process", e);
      return null;
    }
  }

  private void replay(FactListener listener) throws IOException {
    var append = new ArrayList<Fact>();
    var ranges = new ArrayList<FileRange>();
    long offset = 0;
    var reader = new LedgerReader(channel);
    for (var json = reader.next(); json != null; json = reader.next()) {
      var record = parse(json, seq + append.size() + 1);
      append.add(record.data());
      ranges.add(new FileRange(offset, json.length));
      offset += json.length + 1;
      if (!record.more()) {
        for (int i = 0; i < append.size(); i++) {
          listener.on(append.get(i), ranges.get(i));
        }
        seq += append.size();
        end = offset;
        append.clear();
        ranges.clear();
      }
    }
    long incomplete = channel.size() - end;
    if (incomplete > 0) {
      LOG.warn(
          "Truncated {} bytes from the end of the ledger: an incomplete append, whose request was not answered",
          incomplete);
      channel.truncate(end);
      channel.force(true);
    }
    LOG.info("Replayed {} facts ({} bytes) from the ledger", seq, end);
  }

  private LedgerRecord parse(byte[] json, long expected) {
    try {
      var record = LedgerRecord.parse(json);
      if (record.seq() == expected) {
        return record;
      }
    } catch (JacksonException e) {
      throw corrupt(expected, e);
    }
    throw corrupt(expected, null);
  }

  private LedgerUnavailable corrupt(long line, @Nullable Exception cause) {
    var message =
        "Line %d of %s is corrupt or has the wrong sequence number: restore the file, or move it away to start with an empty ledger."
            .formatted(line, path.toAbsolutePath());
    return cause == null ? new LedgerUnavailable(message) : new LedgerUnavailable(message, cause);
  }

  /**
   * Encodes one append after the previous one.
   *
   * @return the byte range of each of its lines, valid after {@link #write} has returned
   */
  List<FileRange> encode(List<byte[]> facts, ByteArrayOutputStream batch, long pending) {
    var ranges = new ArrayList<FileRange>(facts.size());
    for (int i = 0; i < facts.size(); i++) {
      int start = batch.size();
      batch.writeBytes(LedgerRecord.head(++seq, i < facts.size() - 1));
      batch.writeBytes(facts.get(i));
      batch.writeBytes(LedgerRecord.tail());
      ranges.add(new FileRange(pending + start, batch.size() - start - 1));
    }
    return ranges;
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

  Fact read(FileRange range) throws IOException {
    var buffer = ByteBuffer.allocate(range.length());
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, range.offset() + buffer.position()) < 0) {
        throw new IOException("unexpected end of file in the line at byte " + range.offset());
      }
    }
    return LedgerRecord.parse(buffer.array()).data();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
