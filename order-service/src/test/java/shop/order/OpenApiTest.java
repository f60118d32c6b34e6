package shop.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import shop.common.testkit.OpenApi;

class OpenApiTest {

  @Test
  void theServedDocumentIsGeneratedFromTheCode() throws IOException {
    String generated = OpenApi.of("Orders and products", "shop.order");

    assertThat(OpenApi.kept())
        .as("Regenerate it: mvn -pl order-service test -Dtest=OpenApiTest -Dopenapi.write=true")
        .isEqualTo(generated);
  }
}
