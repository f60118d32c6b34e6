package shop.analytics.counting;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/** Bounds the memory of all state stores of the process together, instead of each store's. */
public final class RocksMemory implements RocksDBConfigSetter {

  private static final long TOTAL_BYTES = 24L << 20;
  private static final long WRITE_BYTES = 12L << 20;

  /** In bytes. A store allocates an eighth of it with its first write. */
  private static final long WRITE_BUFFER_BYTES = 1L << 20;

  private static final LRUCache CACHE = new LRUCache(TOTAL_BYTES, -1, false, 0.1);
  private static final WriteBufferManager WRITES = new WriteBufferManager(WRITE_BYTES, CACHE);

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    var table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(WRITES);
    options.setWriteBufferSize(WRITE_BUFFER_BYTES);
  }

  @Override
  public void close(String storeName, Options options) {
    // The cache and the write buffers are shared by all stores until the process ends.
  }
}
