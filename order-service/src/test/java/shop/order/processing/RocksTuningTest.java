package shop.order.processing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class RocksTuningTest {

  static {
    RocksDB.loadLibrary();
  }

  @TempDir private Path directory;

  @Test
  void everyFileHasAFilter() throws RocksDBException {
    try (var filter = new BloomFilter();
        var options = new Options();
        var flush = new FlushOptions()) {
      // The options that Kafka Streams sets.
      options.setCreateIfMissing(true);
      options.setOptimizeFiltersForHits(true);
      options.setTableFormatConfig(new BlockBasedTableConfig().setFilterPolicy(filter));

      new RocksTuning().setConfig("states", options, Map.of());

      try (var store = RocksDB.open(options, directory.toString())) {
        for (int file = 0; file < 2; file++) {
          for (int i = 0; i < 1000; i++) {
            store.put(("order-" + i).getBytes(US_ASCII), new byte[100]);
          }
          store.flush(flush);
        }
        store.compactRange();

        assertThat(store.getPropertiesOfAllTables().values())
            .isNotEmpty()
            .allSatisfy(file -> assertThat(file.getFilterSize()).isPositive());
      }
    }
  }
}
