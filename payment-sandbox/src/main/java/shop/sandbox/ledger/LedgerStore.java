package shop.sandbox.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.Env;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.Slice;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatchWithIndex;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The ledger on disk: a sorted map from {@link StoreKey} to JSON, in RocksDB. Its memory is bounded
 * by {@link #CACHE} and {@link #WRITE_BUFFER}, and it opens in the time that it takes to replay at
 * most {@link #WRITE_BUFFER} of the write-ahead log, whatever the number of entries.
 */
public final class LedgerStore implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LedgerStore.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final byte[] NOTHING = {};

  /** Bytes of blocks, indexes and filters in memory. */
  private static final long CACHE = 32L << 20;

  /** Bytes of a memtable; there are at most two. */
  private static final long WRITE_BUFFER = 16L << 20;

  private static final int OPEN_FILES = 200;
  private static final double BITS_PER_KEY = 10;

  private final Path folder;
  private final List<RocksObject> resources;
  private final RocksDB db;
  // A closed RocksDB object must not be used: the process would end with a segmentation fault.
  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;

  private LedgerStore(Path folder, RocksDB db, List<RocksObject> resources) {
    this.folder = folder;
    this.db = db;
    this.resources = resources;
  }

  /**
   * Opens or creates the store in a folder. A write that a crash left incomplete is dropped; its
   * request was not answered.
   *
   * @throws LedgerUnavailable if it is locked, corrupt or not writable
   */
  public static LedgerStore open(Path folder) {
    try {
      Files.createDirectories(folder);
      // A fixed place: a process that is killed cannot delete a temporary copy of 15 MB.
      NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
    } catch (IOException e) {
      throw notWritable(folder, e);
    }
    if (Files.exists(folder.resolve("ledger.jsonl"))) {
      LOG.warn(
          "{} of an earlier version is not read: its intents are unknown to this ledger. Delete it",
          folder.resolve("ledger.jsonl"));
    }
    return open(folder.resolve("ledger"), Env.getDefault());
  }

  static LedgerStore open(Path folder, Env env) {
    RocksDB.loadLibrary();
    var cache = new LRUCache(CACHE);
    var filter = new BloomFilter(BITS_PER_KEY);
    var options =
        new Options()
            .setCreateIfMissing(true)
            .setEnv(env)
            .setWriteBufferSize(WRITE_BUFFER)
            .setMaxWriteBufferNumber(2)
            .setMaxOpenFiles(OPEN_FILES)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            // Corruption anywhere but at the end of the log must not pass for a crash.
            .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            .setKeepLogFileNum(2)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setFilterPolicy(filter)
                    .setCacheIndexAndFilterBlocks(true));
    var resources = List.<RocksObject>of(options, filter, cache);
    try {
      return new LedgerStore(folder, RocksDB.open(options, folder.toString()), resources);
    } catch (RocksDBException e) {
      resources.forEach(RocksObject::close);
      throw unavailable(folder, e);
    }
  }

  private static LedgerUnavailable unavailable(Path folder, RocksDBException e) {
    var message = String.valueOf(e.getMessage());
    if (message.contains("/LOCK")) {
      return new LedgerUnavailable(
          "Another sandbox is using %s: stop it, or set SANDBOX_DATA_DIR to another folder."
              .formatted(folder.toAbsolutePath()));
    }
    var status = e.getStatus();
    return status != null && status.getCode() == Status.Code.Corruption
        ? new LedgerUnavailable(
            "The ledger %s is corrupt: restore the folder, or move it away to start with an empty ledger. (%s)"
                .formatted(folder.toAbsolutePath(), message),
            e)
        : notWritable(folder, e);
  }

  private static LedgerUnavailable notWritable(Path folder, Exception e) {
    return new LedgerUnavailable(
        "Cannot open the ledger %s (%s): set SANDBOX_DATA_DIR to a folder that can be written."
            .formatted(folder.toAbsolutePath(), e),
        e);
  }

  /** The object under a key, or null. */
  <T> @Nullable T get(StoreKey key, Class<T> type) {
    return parse(whileOpen(() -> db.get(key.bytes())), type);
  }

  static <T> @Nullable T parse(byte @Nullable [] value, Class<T> type) {
    return value == null ? null : JSON.readValue(value, type);
  }

  /** Sees the entries of a range one by one. */
  @FunctionalInterface
  interface Visitor {
    /** Returns whether to go on. */
    boolean visit(byte[] key, byte[] value);
  }

  /** The order in which a range is visited. */
  enum Direction {
    ASCENDING,
    DESCENDING
  }

  /** Visits the entries from a key to another one (exclusive), as they are now. */
  void scan(StoreKey from, StoreKey to, Direction direction, Visitor visitor) {
    if (from.compareTo(to) >= 0) {
      return;
    }
    whileOpen(() -> {
      try (var lower = new Slice(from.bytes());
          var upper = new Slice(to.bytes());
          var options = new ReadOptions().setIterateLowerBound(lower).setIterateUpperBound(upper);
          var entries = db.newIterator(options)) {
        visit(entries, direction, visitor);
        entries.status();
      }
      return null;
    });
  }

  private static void visit(RocksIterator entries, Direction direction, Visitor visitor) {
    boolean ascending = direction == Direction.ASCENDING;
    if (ascending) {
      entries.seekToFirst();
    } else {
      entries.seekToLast();
    }
    while (entries.isValid() && visitor.visit(entries.key(), entries.value())) {
      if (ascending) {
        entries.next();
      } else {
        entries.prev();
      }
    }
  }

  /** A new batch, for {@link #write}. */
  public Batch batch() {
    return new Batch();
  }

  /**
   * Makes the changes of a batch durable and visible, all or none.
   *
   * @param fsync whether they also survive power loss
   */
  void write(Batch batch, boolean fsync) {
    whileOpen(() -> {
      try (var options = new WriteOptions().setSync(fsync)) {
        db.write(options, batch.changes);
      }
      return null;
    });
  }

  /** Changes that are written together; reads see the earlier ones. For one thread. */
  public final class Batch implements AutoCloseable {
    private final WriteBatchWithIndex changes = new WriteBatchWithIndex(true);
    private final ReadOptions reads = new ReadOptions();

    private Batch() {}

    void put(StoreKey key, Object value) {
      put(key, JSON.writeValueAsBytes(value));
    }

    /** An entry of an index, whose key says everything. */
    void put(StoreKey key) {
      put(key, NOTHING);
    }

    private void put(StoreKey key, byte[] value) {
      whileOpen(() -> {
        changes.put(key.bytes(), value);
        return null;
      });
    }

    void delete(StoreKey key) {
      whileOpen(() -> {
        changes.delete(key.bytes());
        return null;
      });
    }

    <T> @Nullable T get(StoreKey key, Class<T> type) {
      return parse(whileOpen(() -> changes.getFromBatchAndDB(db, reads, key.bytes())), type);
    }

    @Override
    public void close() {
      changes.close();
      reads.close();
    }
  }

  @FunctionalInterface
  private interface Call<T> {
    @Nullable T run() throws RocksDBException;
  }

  private <T> @Nullable T whileOpen(Call<T> call) {
    open.readLock().lock();
    try {
      if (closed) {
        throw new LedgerUnavailable("The sandbox is stopping.");
      }
      return call.run();
    } catch (RocksDBException e) {
      throw new LedgerUnavailable(
          "Cannot read or write the ledger %s: free disk space or repair the disk, then restart. (%s)"
              .formatted(folder.toAbsolutePath(), e.getMessage()),
          e);
    } finally {
      open.readLock().unlock();
    }
  }

  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        db.close();
        resources.forEach(RocksObject::close);
      }
    } finally {
      open.writeLock().unlock();
    }
  }
}
