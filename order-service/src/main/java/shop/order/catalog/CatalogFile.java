package shop.order.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.io.Resource;
import shop.common.money.ChargeableAmounts;
import shop.common.money.Currencies;
import shop.common.money.Money;

/**
 * A text file of products, one per line: {@code sku;name;category;EUR;USD;GBP;stock;description}.
 * The first line names the columns, of which the fourth to sixth are currencies by ISO 4217. Prices
 * are in major units, with at most the decimals of their currency. # starts a comment.
 */
final class CatalogFile {

  private static final int COLUMNS = 8;

  private CatalogFile() {}

  /** A product of the file with its initial stock. */
  record Row(Product product, long stock) {}

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException that names the first invalid line
   */
  static List<Row> read(Resource file) {
    List<String> lines;
    try {
      lines = file.getContentAsString(UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the catalog file " + file, e);
    }
    var header = lines.getFirst().split(";", -1);
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        try {
          rows.add(row(header, line.split(";", COLUMNS)));
        } catch (RuntimeException e) {
          throw new IllegalArgumentException(file + ", line " + (i + 1) + ": " + e.getMessage(), e);
        }
      }
    }
    return rows;
  }

  private static Row row(String[] header, String[] values) {
    if (values.length != COLUMNS) {
      throw new IllegalArgumentException("expected " + COLUMNS + " columns");
    }
    List<Money> prices = new ArrayList<>();
    for (int column = 3; column <= 5; column++) {
      if (!values[column].isBlank()) {
        prices.add(money(values[column], header[column].strip()));
      }
    }
    var product =
        new Product(
            values[0].strip(),
            values[1].strip(),
            values[7].strip(),
            values[2].strip(),
            List.copyOf(prices),
            1);
    return new Row(product, Long.parseLong(values[6].strip()));
  }

  private static Money money(String units, String currency) {
    var price = Currencies.ofMajorUnits(new BigDecimal(units.strip()), currency);
    ChargeableAmounts.objection(price)
        .ifPresent(objection -> {
          throw new IllegalArgumentException("The price " + units.strip() + " " + objection);
        });
    return price;
  }
}
