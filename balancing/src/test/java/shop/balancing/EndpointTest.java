package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  @ParameterizedTest
  @ValueSource(doubles = {0, -0.0, -1, 1000.5, Double.NaN, Double.POSITIVE_INFINITY})
  void aWeightThatNothingCanBeChosenByIsRefused(double weight) {
    Instance instance = TestEndpoints.instance("a", 1);

    assertThatThrownBy(() -> new Endpoint(instance, new Load(), weight))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weight of a");
  }

  @Test
  void warmthIsTheShareOfItsOwnWeight() {
    assertThat(new Endpoint(TestEndpoints.instance("a", 4), new Load(), 1).warmth())
        .isEqualTo(0.25);
    assertThat(new Endpoint(TestEndpoints.instance("a", 4), new Load(), 4).warmth()).isEqualTo(1);
    assertThat(new Endpoint(TestEndpoints.instance("a", 0), new Load(), 4).warmth()).isEqualTo(1);
  }

  @Test
  void instancesRefuseBadValues() {
    URI address = URI.create("http://10.0.0.1:8080");
    Locality here = Locality.UNKNOWN;

    assertThatThrownBy(() -> Instance.of(" ", address))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Instance.of("a", URI.create("/orders")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Instance("a", address, -1, here, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Instance("a", address, 1001, here, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Instance("a", address, 1, here, 10))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
