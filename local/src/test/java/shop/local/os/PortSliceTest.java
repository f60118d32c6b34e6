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

class PortSliceTest {

  @Test
  void noTwoThatLiveFindTheSamePort() throws IOException {
    try (var one = PortSlice.claim();
        var other = PortSlice.claim()) {
      Set<Integer> found = new HashSet<>();
      for (int i = 0; i < 200; i++) {
        assertThat(found.add(one.freeBlock(1))).isTrue();
        assertThat(found.add(other.freeBlock(1))).isTrue();
      }
    }
  }

  @Test
  void whatOneLeavesOthersMayHave() throws IOException {
    for (int i = 0; i < 100; i++) {
      try (var slice = PortSlice.claim()) {
        assertThat(slice.freeBlock(1)).isPositive();
      }
    }
  }

  @Test
  void blocksLeaveTakenPortsOut() throws IOException {
    try (var slice = PortSlice.claim();
        var taken = new ServerSocket(slice.freeBlock(1) + 1, 1, InetAddress.getLoopbackAddress())) {
      int block = slice.freeBlock(3);

      assertThat(Stream.of(block, block + 1, block + 2))
          .doesNotContainAnyElementsOf(List.of(taken.getLocalPort()));
    }
  }

  @Test
  void afterTheLastComesTheFirstAgain() throws IOException {
    try (var slice = PortSlice.claim()) {
      int first = slice.freeBlock(1);
      Set<Integer> found = new HashSet<>();
      int port = slice.freeBlock(7);
      while (found.add(port)) {
        port = slice.freeBlock(7);
      }

      assertThat(found).allMatch(block -> block >= first && block + 7 <= first + 500);
    }
  }
}
