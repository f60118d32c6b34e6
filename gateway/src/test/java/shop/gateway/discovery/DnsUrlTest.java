package shop.gateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shop.balancing.Locality;

/** How the configuration names instances that DNS finds. */
class DnsUrlTest {

  @Test
  void everyAddressHasThePortAndTheAttributesOfTheUrl() {
    var url = DnsUrl.parse("orders", "dns+http://order_service:8080#weight=3&region=eu&priority=1");

    var instance =
        url.instance(
            InetAddress.ofLiteral("10.0.0.7"),
            url.port(),
            url.attributes().weight(),
            url.attributes().priority());

    assertThat(instance.id()).isEqualTo("orders@10.0.0.7:8080");
    assertThat(instance.address()).isEqualTo(URI.create("http://10.0.0.7:8080"));
    assertThat(instance.weight()).isEqualTo(3);
    assertThat(instance.locality()).isEqualTo(new Locality("eu", ""));
    assertThat(instance.priority()).isEqualTo(1);
  }

  @Test
  void ipv6AddressIsWrittenInBrackets() {
    var url = DnsUrl.parse("orders", "dns+http://order-service:8080");

    var instance = url.instance(InetAddress.ofLiteral("fd00::7"), 8080, 1, 0);

    assertThat(instance.id()).isEqualTo("orders@[fd00::7]:8080");
    assertThat(instance.address().getHost()).isEqualTo("[fd00::7]");
  }

  @Test
  void portIs80UnlessServiceRecordsGiveIt() {
    assertThat(DnsUrl.parse("orders", "dns+http://order-service/").port()).isEqualTo(80);
    assertThat(DnsUrl.parse("orders", "srv+http://_http._tcp.orders").port()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          dns+https://order-service:8443           | no certificate is valid; https://order-service is one instance
          srv+http://_http._tcp.orders:80          | SRV records give the port
          srv+http://_http._tcp.orders#weight=2    | 'weight=2' is unknown or repeated
          dns+http://10.0.0.7:8080                 | write http:// for it
          dns+http://order-service:0               | the port is not one of 1 to 65535
          dns+http://order-service:99999           | the port is not one of 1 to 65535
          dns+http://order-service/path            | it is not a scheme, a name and a port
          dns+http://user@order-service            | it is not a scheme, a name and a port
          dns+http://order-service#colour=blue     | 'colour=blue' is unknown or repeated
          dns+ftp://order-service                  | it is not a scheme, a name and a port
          """)
  void wrongUrlIsRefusedWithTheReason(String text, String reason) {
    assertThatThrownBy(() -> DnsUrl.parse("orders", text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no instances of orders")
        .hasMessageContaining(reason)
        .hasMessageContaining("use the form dns+http://name:port");
  }
}
