package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import shop.common.testkit.OpenApi;

class OpenApiTest {

  @Test
  void storedDocumentMatchesTheCode() throws IOException {
    String generated = OpenApi.of("Payments", "shop.payment");

    assertThat(OpenApi.kept())
        .as("Regenerate it: mvn -pl payment-service test -Dtest=OpenApiTest -Dopenapi.write=true")
        .isEqualTo(generated);
  }
}
