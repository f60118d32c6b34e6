package shop.order.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.ByteArrayResource;
import shop.common.money.Money;

class CatalogFileTest {

  private static final String HEADER = "sku;name;category;EUR;JPY;KWD;stock;description\n";

  @Test
  void pricesHaveTheDecimalsOfTheirCurrencies() {
    var rows = read("MUG;Mug;Kitchen;12.90;1290;1.230;7;A mug.");

    assertThat(rows.getFirst().product().prices())
        .isEqualTo(List.of(new Money(1290, "EUR"), new Money(1290, "JPY"), new Money(1230, "KWD")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MUG;Mug;Kitchen;12.90;12.90;;7;A mug.|JPY, which has 0 decimals",
        "MUG;Mug;Kitchen;12.90;;1.234;7;A mug.|must be a multiple of 10",
        "MUG;Mug;Kitchen;1000000;;;7;A mug.|must be at most 99999999"
      })
  void pricesThatCannotBeChargedAreRefusedWithTheirLine(String line, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(line))
        .withMessageContaining("line 2")
        .withMessageContaining(message);
  }

  private static List<CatalogFile.Row> read(String line) {
    return CatalogFile.read(new ByteArrayResource((HEADER + line).getBytes(UTF_8)));
  }
}
