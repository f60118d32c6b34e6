package shop.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import shop.local.StartListener;
import shop.local.TrainingRun;
import shop.local.os.OsProcess;

/** After a training run every process of a platform uses its AOT cache. Part of --faults. */
@Tag("slow")
@EnabledIfSystemProperty(named = "faults.minutes", matches = "\\d+")
class AotCachesTest {

  @Test
  void everyServiceAndKafkaUseTheirCaches() {
    SharedPlatform.stop();
    TrainingRun.ifNecessary(StartListener.SILENT);
    try {
      assertThat(SharedPlatform.platform().processesWithoutAotCache())
          .extracting(OsProcess::name)
          .isEmpty();
    } finally {
      SharedPlatform.stop();
    }
  }
}
