package shop.gateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Look-ups at name servers: search domains, failures, other servers. */
class DnsClientTest {

  private final NameServer first = new NameServer();
  private final NameServer second = new NameServer();
  private DnsClient dns;

  @BeforeEach
  void create(@TempDir Path folder) throws IOException {
    var conf = folder.resolve("resolv.conf");
    Files.writeString(conf, "search shop.test other.test\noptions ndots:2\n");
    dns =
        new DnsClient(
            new DnsSettings(
                List.of(first.address(), second.address()),
                conf,
                List.of(DnsSettings.AddressType.A),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(30)));
  }

  @AfterEach
  void close() {
    dns.destroy();
    first.close();
    second.close();
  }

  @Test
  void nameWithoutDotsIsFoundInTheSearchDomains() {
    first.a("orders.other.test", "10.0.0.1");

    assertThat(lookUp("orders").addresses()).containsExactly(address("10.0.0.1"));
  }

  @Test
  void nameWithDotsIsLookedUpAsItIs() {
    first.a("orders.shop.svc", "10.0.0.1");
    first.a("orders.shop.svc.shop.test", "10.0.0.2");

    assertThat(lookUp("orders.shop.svc").addresses()).containsExactly(address("10.0.0.1"));
  }

  @Test
  void searchDomainThatFailsEndsTheLookUp() {
    // given another service of that name in the next domain
    first.fail("orders.shop.test", DnsResponseCode.SERVFAIL);
    second.fail("orders.shop.test", DnsResponseCode.SERVFAIL);
    first.a("orders.other.test", "10.0.0.1");

    assertThatThrownBy(() -> lookUp("orders"))
        .isInstanceOf(LookUpFailedException.class)
        .hasMessageContaining("A of orders.shop.test.")
        .hasMessageContaining("ServFail");
  }

  @Test
  void nextNameServerIsAskedIfTheFirstFailsOrIsSilent() {
    second.a("orders.shop.test", "10.0.0.1");

    first.silence("orders.shop.test");
    assertThat(lookUp("orders").addresses()).containsExactly(address("10.0.0.1"));

    first.heal("orders.shop.test");
    first.fail("orders.shop.test", DnsResponseCode.REFUSED);
    assertThat(lookUp("orders").addresses()).containsExactly(address("10.0.0.1"));
  }

  @Test
  void silenceOfAllNameServersIsAFailure() {
    first.silence("orders.shop.test");
    second.silence("orders.shop.test");

    assertThatThrownBy(() -> lookUp("orders")).isInstanceOf(LookUpFailedException.class);
  }

  @Test
  void nameThatDoesNotExistIsAnEmptyAnswer() {
    assertThat(lookUp("orders").isEmpty()).isTrue();
  }

  @Test
  void unspecifiedAddressIsLeftOut() {
    first.a("orders.shop.test", "0.0.0.0", "10.0.0.1");

    assertThat(lookUp("orders").addresses()).containsExactly(address("10.0.0.1"));
  }

  private DnsAnswer lookUp(String name) {
    return dns.lookUp(name, DnsRecordType.A).block(Duration.ofSeconds(30));
  }

  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }
}
