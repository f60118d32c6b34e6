package shop.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

/** The proxies are 10.0.0.0/8 and 2001:db8:aaaa::/48; the connection is of 10.0.0.1. */
class ForwardedForTest {

  private static final String PROXY = "10.0.0.1";

  private final ForwardedFor forwardedFor =
      new ForwardedFor(new TrustedProxies(List.of("10.0.0.0/8", "2001:db8:aaaa::/48")));
  private final HttpHeaders headers = new HttpHeaders();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // What the client has written at the left is not believed.
        "192.0.2.1|192.0.2.1",
        "6.6.6.6, 192.0.2.1|192.0.2.1",
        "10.6.6.6, 192.0.2.1|192.0.2.1",
        "192.0.2.1, 10.0.0.2|192.0.2.1",
        "6.6.6.6, 192.0.2.1, 10.0.0.2, 2001:db8:aaaa::7|192.0.2.1",
        // Nobody but proxies.
        "10.0.0.3, 10.0.0.2|10.0.0.3",
        "''|10.0.0.1",
        " , ,|10.0.0.1",
        "192.0.2.1 , ,|192.0.2.1",
        // Ports and brackets.
        "192.0.2.1:4711|192.0.2.1",
        "192.0.2.1:_port|192.0.2.1",
        "2001:db8::1|2001:db8::1",
        "[2001:db8::1]|2001:db8::1",
        "[2001:db8::1]:443|2001:db8::1",
        "::ffff:192.0.2.1|192.0.2.1",
        "192.0.2.1, ::ffff:10.0.0.2|192.0.2.1",
        "[::ffff:c000:201]:443|192.0.2.1",
        // What names no address ends the reading at the proxy that is known.
        "192.0.2.1, unknown|10.0.0.1",
        "192.0.2.1, unknown, 10.0.0.2|10.0.0.2",
        "192.0.2.1, _hidden, 10.0.0.2|10.0.0.2",
        "192.0.2.1, 10.0.0.2.|10.0.0.1",
        "192.0.2.1, 010.0.0.2|10.0.0.1",
        "192.0.2.1, 256.0.0.1|10.0.0.1",
        "192.0.2.1, 1|10.0.0.1",
        "192.0.2.1, 127.1|10.0.0.1",
        "192.0.2.1, localhost|10.0.0.1",
        "192.0.2.1, fe80::1%eth0|10.0.0.1",
        "192.0.2.1, 2001:db8::1]|10.0.0.1",
        "192.0.2.1, [192.0.2.2]|10.0.0.1",
        "192.0.2.1, 192.0.2.2:123456|10.0.0.1",
        "192.0.2.1, 192.0.2.2 192.0.2.3|10.0.0.1",
        "\"192.0.2.1, 192.0.2.2|192.0.2.2",
      })
  void theListIsReadFromTheRight(String list, String client) {
    headers.add("X-Forwarded-For", list);

    assertThat(client()).isEqualTo(client);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "for=192.0.2.1|192.0.2.1",
        "For=192.0.2.1;proto=https;by=10.0.0.2|192.0.2.1",
        "by=10.0.0.2 ; for=192.0.2.1|192.0.2.1",
        "for=6.6.6.6, for=192.0.2.1, for=10.0.0.2|192.0.2.1",
        "for=\"[2001:db8::1]:4711\"|2001:db8::1",
        "for=\"[2001:db8::1]\";host=\"a, for=6.6.6.6\"|2001:db8::1",
        "for=\"192.0.2.1:_x\"|192.0.2.1",
        "for=192.0.2.1:80|192.0.2.1",
        "for=192.0.2.1, for=unknown, for=10.0.0.2|10.0.0.2",
        "for=192.0.2.1, for=_hidden|10.0.0.1",
        "for=192.0.2.1, for=\"_hidden\"|10.0.0.1",
        // An element of another shape.
        "for=192.0.2.1, proto=https|10.0.0.1",
        "for=192.0.2.1, for=192.0.2.2;for=192.0.2.3|10.0.0.1",
        "for=192.0.2.1, for=|10.0.0.1",
        "for=192.0.2.1, for|10.0.0.1",
        "for=192.0.2.1, for=192.0.2.2;|10.0.0.1",
        "for=192.0.2.1, for = 192.0.2.2|10.0.0.1",
        "for=192.0.2.1, for=\"192.0.2.2\" x|10.0.0.1",
        "for=192.0.2.1, for=\"192.0.2\\.2\"|10.0.0.1",
        "for=192.0.2.1, for=192.0.2.2\"|10.0.0.1",
        // A quotation mark that a client has left open.
        "for=\"6.6.6.6, for=192.0.2.1|192.0.2.1",
        "for=6.6.6.6;x=\", for=\"[2001:db8::1]\"|2001:db8::1",
        "for=6.6.6.6;x=\", for=\"[2001:db8::1]\", for=10.0.0.2|2001:db8::1",
      })
  void theStandardHeaderIsReadFromTheRight(String list, String client) {
    headers.add("Forwarded", list);

    assertThat(client()).isEqualTo(client);
  }

  @Test
  void severalLinesAreOneList() {
    headers.add("X-Forwarded-For", "6.6.6.6, 192.0.2.1");
    headers.add("X-Forwarded-For", "10.0.0.3");
    headers.add("X-Forwarded-For", "10.0.0.2");

    assertThat(client()).isEqualTo("192.0.2.1");
  }

  @Test
  void headersThatAgreeAreBelieved() {
    headers.add("X-Forwarded-For", "6.6.6.6, 192.0.2.1");
    headers.add("Forwarded", "for=192.0.2.1, for=10.0.0.2");

    assertThat(client()).isEqualTo("192.0.2.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"for=6.6.6.6", "for=unknown", "nonsense", ""})
  void headersThatDisagreeAreNotBelieved(String forged) {
    headers.add("X-Forwarded-For", "192.0.2.1");
    headers.add("Forwarded", forged);

    assertThat(client()).isEqualTo(PROXY);
  }

  @Test
  void aLongListIsNotReadToItsEnd() {
    var proxies =
        IntStream.rangeClosed(1, 1000)
            .mapToObj(n -> "10.1." + n / 250 + "." + n % 250)
            .collect(Collectors.joining(", "));
    headers.add("X-Forwarded-For", "192.0.2.1, " + proxies);

    assertThat(client()).isEqualTo("10.1." + 969 / 250 + "." + 969 % 250);
  }

  private String client() {
    return forwardedFor
        .client(InetAddress.ofLiteral(PROXY), headers)
        .getHostAddress()
        .replaceAll("(:0)+:", "::");
  }
}
