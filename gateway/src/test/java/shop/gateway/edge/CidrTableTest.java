package shop.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shop.balancing.Locality;

class CidrTableTest {

  @Test
  void theLongestPrefixCounts() {
    var table =
        Place.table(
            List.of(
                "0.0.0.0/0=world",
                "10.0.0.0/8=eu",
                "10.1.0.0/16=eu/a",
                "10.1.2.3=us",
                "2001:db8::/32=eu/b"));

    assertThat(find(table, "192.0.2.1")).isEqualTo(new Locality("world", ""));
    assertThat(find(table, "10.2.0.1")).isEqualTo(new Locality("eu", ""));
    assertThat(find(table, "10.1.2.4")).isEqualTo(new Locality("eu", "a"));
    assertThat(find(table, "10.1.2.3")).isEqualTo(new Locality("us", ""));
    assertThat(find(table, "2001:db8:ffff::1")).isEqualTo(new Locality("eu", "b"));
    assertThat(find(table, "2001:db9::1")).isNull();
    assertThat(find(table, "::ffff:10.1.2.3")).isEqualTo(new Locality("us", ""));
    assertThat(find(table, "::10.1.2.3")).isNull();
  }

  @Test
  void lookingUpTwiceGivesTheSameObject() {
    var table = Place.table(List.of("10.0.0.0/8=eu/a"));

    assertThat(find(table, "10.0.0.1")).isSameAs(find(table, "10.255.255.255"));
  }

  @Property
  void lookUpsAreAsAScanOfAllBlocks(
      @ForAll @Size(max = 20) List<@IntRange(max = 32) Integer> lengths, @ForAll int seed)
      throws UnknownHostException {
    var random = new java.util.Random(seed);
    Map<Cidr, String> blocks = new HashMap<>();
    for (int bits : lengths) {
      // Few distinct bits, so that blocks are nested.
      int network = (random.nextInt() & 0xE0000003) & (bits == 0 ? 0 : -1 << (32 - bits));
      var block = new Cidr(ipv4(network), bits);
      blocks.put(block, block.toString());
    }
    var table = new CidrTable<>(blocks);

    for (int n = 0; n < 50; n++) {
      int address = random.nextInt() & 0xE0000003;
      String expected = null;
      int longest = -1;
      for (var block : blocks.keySet()) {
        int bits = block.bits();
        int mask = bits == 0 ? 0 : -1 << (32 - bits);
        if (bits > longest && (address & mask) == number(block.network())) {
          expected = block.toString();
          longest = bits;
        }
      }
      assertThat(table.find(ipv4(address))).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "10.0.0.0/33=eu|the length of the prefix is 0 to 32",
        "10.0.0.1/8=eu|bits after the first 8 are set",
        "2001:db8::/129=eu|the length of the prefix is 0 to 128",
        "::ffff:10.0.0.0/104=eu|write the IPv4 address 10.0.0.0",
        "10.0.0/8=eu|'10.0.0' is not an IP address",
        "010.0.0.0/8=eu|'010.0.0.0' is not an IP address",
        "fe80::1%eth0=eu|'fe80::1%eth0' is not an IP address",
        "localhost=eu|'localhost' is not an IP address",
        "10.0.0.0/-1=eu|the length of the prefix",
        "10.0.0.0/=eu|the length of the prefix",
        "10.0.0.0/8|names no region; use the form 10.0.0.0/8=region/zone",
        "10.0.0.0/8=|names no region",
        "10.0.0.0/8=e u|names no region",
        "10.0.0.0/8=eu/a/b|names no region",
      })
  void aWrongEntryIsRefusedWithTheReason(String entry, String reason) {
    assertThatThrownBy(() -> Place.table(List.of(entry)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aBlockHasOneRegion() {
    assertThatThrownBy(() -> Place.table(List.of("10.0.0.0/8=eu", "10.0.0.0/8=us")))
        .hasMessage("'10.0.0.0/8' has two regions");
  }

  @Test
  void nobodyCanTrustEverybody() {
    assertThatThrownBy(() -> new TrustedProxies(List.of("::/0")))
        .hasMessageContaining("trusts every client");
  }

  private static Locality find(CidrTable<Locality> table, String address) {
    return table.find(InetAddress.ofLiteral(address));
  }

  private static InetAddress ipv4(int number) throws UnknownHostException {
    return InetAddress.getByAddress(
        new byte[] {
          (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number
        });
  }

  private static int number(InetAddress address) {
    return java.nio.ByteBuffer.wrap(address.getAddress()).getInt();
  }
}
