package shop.common.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class UuidsTest {

  private static final UUID DNS = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

  @Test
  void matchesTheExampleOfTheStandard() {
    // RFC 9562, appendix A.4
    assertThat(Uuids.v5(DNS, "www.example.com"))
        .hasToString("2ed6657d-e927-568b-95e1-2665a8aea6a2");
  }

  @Property
  void hasVersionFive(@ForAll String name) {
    var id = Uuids.v5(DNS, name);

    assertThat(id.version()).isEqualTo(5);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id).isEqualTo(Uuids.v5(DNS, name));
  }
}
