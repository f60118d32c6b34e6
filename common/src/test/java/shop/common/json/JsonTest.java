package shop.common.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  record Leaf(String name, int size) {}

  record Tree(Leaf root, @Nullable Leaf top, List<Leaf> leaves, Map<String, Leaf> named) {
    Tree {
      named = named == null ? Map.of() : named;
    }
  }

  @Test
  void aNullableComponentMayBeMissing() {
    var tree = read("{'root':{'name':'a','size':1},'leaves':[]}");

    assertThat(tree).isEqualTo(new Tree(new Leaf("a", 1), null, List.of(), Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                                                     | root
          {'root':null,'leaves':[]}                                              | root
          {'root':{'name':'a','size':1}}                                         | leaves
          {'root':{'size':1},'leaves':[]}                                        | root.name
          {'root':{'name':'a','size':1},'top':{'size':1},'leaves':[]}            | top.name
          {'root':{'name':'a','size':1},'leaves':[{'name':'b','size':1},{'size':2}]} | leaves.1.name
          {'root':{'name':'a','size':1},'leaves':[null]}                         | leaves.0
          {'root':{'name':'a','size':1},'leaves':[],'named':{'x':{'size':1}}}    | named.0.name
          """)
  void aMissingRequiredComponentIsReportedWithItsPath(String json, String missing) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(MalformedJson.class)
        .hasMessage("Required value " + missing + " of Tree is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{'root':{'name':'a'}}", "{'root':{'name':'a','size':null}}", "[]", "null"})
  void jsonOfAnotherTypeIsMalformed(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(MalformedJson.class);
  }

  record At(Instant at) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+1000000000-12-31T23:59:59Z",
        "-1000000000-01-01T00:00:00Z",
        "+10000-01-01T00:00:00Z",
        "0000-12-31T23:59:59Z",
        "yesterday"
      })
  void aTimeThatIsNotRfc3339IsMalformed(String time) {
    assertThatThrownBy(() -> Json.read(Json.bytes(Map.of("at", time)), At.class))
        .isInstanceOf(MalformedJson.class);
    assertThatThrownBy(() -> Json.read("{\"at\":1e18}".getBytes(UTF_8), At.class))
        .isInstanceOf(MalformedJson.class);
  }

  @Test
  void timesWithFourDigitsOfTheYearAreRead() {
    for (String time : List.of("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z")) {
      assertThat(Json.read(Json.bytes(Map.of("at", time)), At.class).at()).isEqualTo(time);
    }
  }

  private static Tree read(String json) {
    return Json.read(json.replace('\'', '"').getBytes(UTF_8), Tree.class);
  }
}
