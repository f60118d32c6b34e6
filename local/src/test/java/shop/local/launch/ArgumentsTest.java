package shop.local.launch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

  @Test
  void anUnknownOptionIsRejectedWithTheUsage() {
    assertThatThrownBy(() -> Arguments.parse(List.of("start", "--detached")))
        .hasMessageContaining("--detached")
        .hasMessageContaining("./start [--detach]");
  }
}
