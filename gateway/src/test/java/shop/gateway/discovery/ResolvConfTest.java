package shop.gateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Docker and Kubernetes write into resolv.conf. */
class ResolvConfTest {

  private static final ResolvConf KUBERNETES =
      ResolvConf.parse(
          List.of(
              "nameserver 10.96.0.10",
              "search shop.svc.cluster.local svc.cluster.local cluster.local",
              "options ndots:5"));

  @Test
  void inKubernetesTheNamespaceComesFirst() {
    assertThat(KUBERNETES.candidates("order-service"))
        .startsWith("order-service.shop.svc.cluster.local.")
        .endsWith("order-service.")
        .hasSize(4);
    assertThat(KUBERNETES.candidates("_http._tcp.order-service.shop.svc"))
        .contains("_http._tcp.order-service.shop.svc.cluster.local.");
  }

  @Test
  void nameWithADotAtItsEndIsComplete() {
    assertThat(KUBERNETES.candidates("order-service.")).containsExactly("order-service.");
  }

  @Test
  void inDockerTheNameComesFirst() {
    var docker =
        ResolvConf.parse(List.of("nameserver 127.0.0.11", "search lan", "options ndots:0"));

    assertThat(docker.candidates("order-service"))
        .containsExactly("order-service.", "order-service.lan.");
    assertThat(docker.servers()).containsExactly(server("127.0.0.11"));
  }

  @Test
  void lastSearchListCountsAndWhatIsWrongIsPassedOver() {
    var conf =
        ResolvConf.parse(
            List.of(
                "# nameserver 10.0.0.9",
                "nameserver name.example",
                "nameserver 10.0.0.1",
                "nameserver fd00::2",
                "domain first",
                "search second",
                "options rotate ndots:x",
                ""));

    assertThat(conf.servers()).containsExactly(server("10.0.0.1"), server("fd00::2"));
    assertThat(conf.search()).containsExactly("second");
    assertThat(conf.ndots()).isEqualTo(1);
  }

  @Test
  void withoutAFileThisMachineIsAsked() {
    var conf = ResolvConf.read(java.nio.file.Path.of("/does/not/exist"));

    assertThat(conf.servers()).containsExactly(server("127.0.0.1"));
  }

  private static InetSocketAddress server(String address) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), 53);
  }
}
