package shop.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import shop.common.testkit.OpenApi;

class OpenApiTest {

  @Test
  void theServedDocumentMatchesTheCode() throws IOException {
    String ofTheCode = OpenApi.of("Dead letters", "shop.operations");

    assertThat(OpenApi.kept())
        .as(
            "Regenerate it: mvn -pl operations-service test -Dtest=OpenApiTest -Dopenapi.write=true")
        .isEqualTo(ofTheCode);
  }
}
