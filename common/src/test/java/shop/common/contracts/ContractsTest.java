package shop.common.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shop.common.event.Envelope;
import shop.common.event.UnnumberedTypes;
import shop.common.money.ChargeableAmounts;
import shop.common.money.DeclineReason;
import shop.common.money.RefundFailureReason;
import shop.common.testkit.Contracts;
import tools.jackson.databind.JsonNode;

class ContractsTest {

  private static final Path FOLDER = Path.of("src/main/resources/contracts");

  static List<String> types() throws IOException {
    return names(".sample.json");
  }

  @ParameterizedTest
  @MethodSource("types")
  void aSampleConformsToItsSchema(String type) {
    assertThat(errors(Contracts.schema(type), Contracts.sample(type).get("data"))).isEmpty();
    assertThat(Contracts.sample(type).get("type").asString()).isEqualTo(type);
    assertThat(Envelope.of(Contracts.record(type).headers()).type()).isEqualTo(type);
  }

  /**
   * Readers of orders reject a record without a sequence number unless its type is one of these.
   */
  @Test
  void theTypesOfOrdersWithoutASequenceNumberAreKnown() throws IOException {
    var ofOrders =
        types().stream()
            .filter(type -> Contracts.schema(type).get("x-topic").asString().equals("orders"));

    assertThat(ofOrders)
        .isNotEmpty()
        .allSatisfy(type ->
            assertThat(UnnumberedTypes.contains(type))
                .isEqualTo(!Contracts.sample(type).has("sequence")));
  }

  @ParameterizedTest
  @MethodSource("types")
  void theHeadersOfASampleConformToItsSchema(String type) {
    var headers = Contracts.sample(type).path("headers");
    var described = Contracts.schema(type).path("x-headers");

    assertThat(headers.propertyNames()).isEqualTo(described.propertyNames());
    headers
        .properties()
        .forEach(header ->
            assertThat(errors(described.get(header.getKey()), header.getValue())).isEmpty());
  }

  private static List<?> errors(JsonNode schema, JsonNode data) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(schema.toString(), InputFormat.JSON)
        .validate(data.toString(), InputFormat.JSON);
  }

  @Test
  void everySchemaHasASampleAndEverySampleASchema() throws IOException {
    assertThat(names(".schema.json")).isNotEmpty().isEqualTo(names(".sample.json"));
  }

  @ParameterizedTest
  @MethodSource("types")
  void amountsHaveTheLimitOfWhatCanBeCharged(String type) {
    var money = Contracts.schema(type).at("/$defs/money/properties/amount");

    assertThat(money.isMissingNode() || money.path("maximum").asLong() == ChargeableAmounts.MAX)
        .isTrue();
  }

  @Test
  void reasonsAreThePublishedOnes() {
    assertThat(reasons("shop.order.payment-failed.v1"))
        .containsExactlyElementsOf(
            Arrays.stream(DeclineReason.values()).map(DeclineReason::code).toList());
    assertThat(reasons("shop.order.refund-failed.v1"))
        .containsExactlyElementsOf(
            Arrays.stream(RefundFailureReason.values()).map(RefundFailureReason::code).toList());
  }

  private static List<String> reasons(String type) {
    return Contracts.schema(type)
        .at("/properties/reason/enum")
        .valueStream()
        .map(JsonNode::asString)
        .toList();
  }

  private static List<String> names(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(suffix))
          .map(name -> name.substring(0, name.length() - suffix.length()))
          .sorted()
          .toList();
    }
  }
}
