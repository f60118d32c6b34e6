package shop.order.processing;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the memory of all state stores of the process together, instead of each store's, and makes
 * lookups of missing keys cheap, because each new order causes one.
 */
public final class RocksTuning implements RocksDBConfigSetter {

  private static final long TOTAL_BYTES = 64L << 20;
  private static final long WRITE_BYTES = 32L << 20;

  /** The share of a memtable that its Bloom filter may use. */
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
    // Otherwise the files of the last level, which a missing key is looked up in, have no filter.
    options.setOptimizeFiltersForHits(false);
    options.setMemtablePrefixBloomSizeRatio(FILTER_SHARE);
    options.setMemtableWholeKeyFiltering(true);
  }

  @Override
  public void close(String storeName, Options options) {
    // The cache and the write buffers are shared by all stores until the process ends.
  }
}
