package shop.local.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PortRangeTest {

  @Test
  void twoReservedRangesShareNoPort() throws IOException {
    try (var one = PortRange.reserve();
        var other = PortRange.reserve()) {
      Set<Integer> found = new HashSet<>();
      for (int i = 0; i < 200; i++) {
        assertThat(found.add(one.freeBlock(1))).isTrue();
        assertThat(found.add(other.freeBlock(1))).isTrue();
      }
    }
  }

  @Test
  void aReleasedRangeCanBeReservedAgain() throws IOException {
    for (int i = 0; i < 100; i++) {
      try (var range = PortRange.reserve()) {
        assertThat(range.freeBlock(1)).isPositive();
      }
    }
  }

  @Test
  void blocksContainNoPortInUse() throws IOException {
    try (var range = PortRange.reserve();
        var inUse = new ServerSocket(range.freeBlock(1) + 1, 1, InetAddress.getLoopbackAddress())) {
      int block = range.freeBlock(3);

      assertThat(Stream.of(block, block + 1, block + 2))
          .doesNotContainAnyElementsOf(List.of(inUse.getLocalPort()));
    }
  }

  @Test
  void afterTheLastPortTheSearchContinuesAtTheFirst() throws IOException {
    try (var range = PortRange.reserve()) {
      int first = range.freeBlock(1);
      Set<Integer> found = new HashSet<>();
      int port = range.freeBlock(7);
      while (found.add(port)) {
        port = range.freeBlock(7);
      }

      assertThat(found).allMatch(block -> block >= first && block + 7 <= first + 500);
    }
  }
}
