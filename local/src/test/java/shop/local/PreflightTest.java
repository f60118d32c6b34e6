package shop.local;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PreflightTest {
  private static final long GIGABYTE = 1L << 30;

  @Test
  void aPortInUseIsReportedWithTheComponentTheProcessAndTheRemedy() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = taken.getLocalPort();
      assertThatThrownBy(() -> Preflight.ports(Map.of(port, "Kafka")))
          .hasMessageContaining("Port " + port + ", which Kafka needs")
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("--port-offset");
    }
  }

  @Test
  void aPortOfAConnectionIsReportedWithItsProcess() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = new Socket(server.getInetAddress(), server.getLocalPort())) {
      assertThatThrownBy(() -> Preflight.ports(Map.of(client.getLocalPort(), "Kafka")))
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void aPortInUseOnAllAddressesIsInUse() throws Exception {
    try (var taken = new ServerSocket(0)) {
      assertThatThrownBy(() -> Preflight.ports(Map.of(taken.getLocalPort(), "Redis")))
          .hasMessageContaining("Redis");
    }
  }

  @Test
  void tooLittleMemoryDiskOrJdkIsReportedWithTheActualValue() {
    assertThatThrownBy(() -> Preflight.memory(2 * GIGABYTE))
        .hasMessageContaining("there are 2.0 GB");
    assertThatThrownBy(() -> Preflight.disk(Path.of("/"), GIGABYTE)).hasMessageContaining("1.0 GB");
    assertThatThrownBy(() -> Preflight.jdk(21)).hasMessageContaining("JDK 21");
    assertThatCode(() -> Preflight.memory(4 * GIGABYTE)).doesNotThrowAnyException();
  }
}
