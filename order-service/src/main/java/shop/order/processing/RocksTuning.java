package shop.order.processing;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * One bound for the memory of all state stores of the process, instead of one for each; and stores
 * in which it costs little to learn that they lack a key, for every order is new once.
 */
public final class RocksTuning implements RocksDBConfigSetter {

  private static final long TOTAL_BYTES = 64L << 20;
  private static final long WRITE_BYTES = 32L << 20;

  /** Of the write buffer, for its own filter. */
  private static final double FILTER_SHARE = 0.02;

  private static final LRUCache CACHE = new LRUCache(TOTAL_BYTES, -1, false, 0.1);
  private static final WriteBufferManager WRITES = new WriteBufferManager(WRITE_BYTES, CACHE);

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    var table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(WRITES);
    options.setWriteBufferSize(4L << 20);
    // Else the oldest files, where what is new is looked for last, have no filter.
    options.setOptimizeFiltersForHits(false);
    options.setMemtablePrefixBloomSizeRatio(FILTER_SHARE);
    options.setMemtableWholeKeyFiltering(true);
  }

  @Override
  public void close(String storeName, Options options) {
    // The cache and the buffers are shared and live as long as the process.
  }
}
