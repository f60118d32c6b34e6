package shop.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import shop.common.testkit.OpenApi;

class OpenApiTest {

  @Test
  void servedDocumentMatchesTheCode() throws IOException {
    String generated = OpenApi.of("Figures", "shop.analytics");

    assertThat(OpenApi.kept())
        .as(
            "Regenerate it with: mvn -pl analytics-service test -Dtest=OpenApiTest -Dopenapi.write=true")
        .isEqualTo(generated);
  }
}
