package shop.common.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.UncategorizedSQLException;

@ExtendWith(OutputCaptureExtension.class)
class OutageLogTest {

  private final OutageLog outage = new OutageLog("Follower orders");

  @Test
  void aFullDiskIsOneSentenceThatNamesTheRemedy(CapturedOutput output) {
    outage.failed(failure("could not extend file: No space left on device", "53100"));
    outage.failed(failure("could not extend file: No space left on device", "53100"));

    assertThat(output.getOut())
        .containsOnlyOnce(
            "Follower orders waits until PostgreSQL has space on its disk again (could not extend file: No space left on device). Free some or enlarge the disk")
        .doesNotContain("\tat ");
  }

  @Test
  void aDiskThatIsFullAfterAnotherOutageIsReported(CapturedOutput output) {
    outage.failed(failure("The connection attempt failed", "08001"));
    outage.failed(failure("No space left on device", "53100"));
    outage.succeeded();

    assertThat(output.getOut())
        .contains("has space on its disk again")
        .contains("Follower orders succeeds again");
  }

  private static UncategorizedSQLException failure(String message, String state) {
    return new UncategorizedSQLException("task", "sql", new SQLException(message, state));
  }
}
