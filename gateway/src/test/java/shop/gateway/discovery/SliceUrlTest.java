package shop.gateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shop.balancing.Locality;

/** How the configuration names instances that Kubernetes finds. */
class SliceUrlTest {

  @Test
  void endpointHasTheAttributesOfTheUrlAndItsOwnZone() {
    var url = SliceUrl.parse("orders", "k8s+http://order-service.shop:http#weight=3&region=eu");

    var instance = url.instance(InetAddress.ofLiteral("10.0.0.7"), 8080, "eu-1", null);

    assertThat(url.name()).isEqualTo("order-service");
    assertThat(url.namespace()).isEqualTo("shop");
    assertThat(url.port()).isEqualTo("http");
    assertThat(instance.id()).isEqualTo("orders@10.0.0.7:8080");
    assertThat(instance.address()).isEqualTo(URI.create("http://10.0.0.7:8080"));
    assertThat(instance.weight()).isEqualTo(3);
    assertThat(instance.locality()).isEqualTo(new Locality("eu", "eu-1"));
  }

  @Test
  void namespaceAndPortMayBeLeftOut() {
    var url = SliceUrl.parse("orders", "k8s+http://order-service");

    assertThat(url.namespace()).isNull();
    assertThat(url.port()).isNull();
  }

  @Test
  void ipv6AddressIsWrittenInBrackets() {
    var url = SliceUrl.parse("orders", "k8s+http://order-service#zone=a");

    var instance = url.instance(InetAddress.ofLiteral("fd00::7"), 8080, "", null);

    assertThat(instance.id()).isEqualTo("orders@[fd00::7]:8080");
    assertThat(instance.locality().zone()).isEqualTo("a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          k8s+https://order-service:https     | no certificate is valid
          k8s+http://order-service:8080       | the port is given by its name
          k8s+http://order-service.shop.svc   | it is not a scheme, a name and a port name
          k8s+http://Order_Service            | it is not a scheme, a name and a port name
          k8s+http://order-service/orders     | it is not a scheme, a name and a port name
          k8s+http://order-service#rack=1     | 'rack=1' is unknown or repeated
          k8s+http://order-service#weight=x   | use the form k8s+http://name.namespace:port-name
          """)
  void wrongUrlIsRefusedWithTheReason(String url, String reason) {
    assertThatThrownBy(() -> SliceUrl.parse("orders", url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason)
        .hasMessageContaining("orders");
  }
}
