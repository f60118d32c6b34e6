package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.gateway.AccessTest.assertProblem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.web.util.HtmlUtils;
import shop.common.problem.ProblemType;
import shop.common.problem.StatusProblems;

/** Every problem type that the platform's code uses has a page, and there are no other pages. */
@Tag("slow")
class ProblemPagesTest {

  private static final Pattern PROBLEM =
      Pattern.compile(
          "(?:Problem\\s*\\.|\\s)of\\(\\s*HttpStatus\\.([A-Z_]+),\\s*\"([a-z-]+)\",\\s*\"");

  /** The reason of a rejected command becomes a problem type of the same name. */
  private static final Pattern REJECTION =
      Pattern.compile("(?:new Rejected\\(|rejected\\([^;\"]*)\\s*\"([a-z-]+)\"");

  private static Gateway gateway;

  @BeforeAll
  static void start() {
    gateway = Gateway.start();
  }

  @Test
  void everyProblemTypeInTheCodeHasAPage() throws IOException {
    Map<String, Integer> documented =
        ProblemType.all().stream()
            .collect(
                Collectors.toMap(
                    ProblemType::type, ProblemType::status, (a, _) -> a, TreeMap::new));
    Map<String, Integer> used = new TreeMap<>();
    for (String code : sources()) {
      PROBLEM
          .matcher(code)
          .results()
          .forEach(match -> used.put(match.group(2), HttpStatus.valueOf(match.group(1)).value()));
      REJECTION
          .matcher(code)
          .results()
          .forEach(match -> used.put(match.group(1), HttpStatus.CONFLICT.value()));
    }

    assertThat(used).hasSizeGreaterThan(30);
    assertThat(documented).as("problems.json of common").isEqualTo(used);
  }

  @Test
  void aPageDescribesWhenTheProblemOccurs() {
    for (var type : ProblemType.all()) {
      var page = gateway.get(type.url().toString());

      assertThat(page.statusCode()).as(type.type()).isEqualTo(200);
      assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=UTF-8");
      assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
      assertThat(page.body())
          .contains(
              "<h1>" + HtmlUtils.htmlEscape(type.title()) + "</h1>",
              HtmlUtils.htmlEscape(type.when()));
    }
  }

  @Test
  void anIndexPageListsAllTypes() {
    var page = gateway.get("/problems");

    assertThat(page.body()).contains("href=\"/problems/out-of-stock\"");
  }

  @Test
  void theTypeOfAProblemIsTheUrlOfItsPage() {
    var response = gateway.get("/orders");

    var page = gateway.get(Gateway.json(response).get("type").asString());

    assertThat(page.body()).contains("<h1>Not authenticated</h1>");
  }

  @Test
  void everyErrorStatusHasAType() {
    var urls = ProblemType.all().stream().map(type -> type.url()).toList();

    for (var status : HttpStatus.values()) {
      if (status.isError()) {
        assertThat(urls)
            .as(status.toString())
            .contains(StatusProblems.of(status).getBody().getType());
      }
    }
  }

  @Test
  void anUnknownTypeIs404() {
    assertProblem(gateway.get("/problems/no-such-thing"), 404, "/problems/not-found");
  }

  @Test
  void typesAreSorted() {
    var names = ProblemType.all().stream().map(ProblemType::type).toList();

    assertThat(names).isEqualTo(List.copyOf(new TreeSet<>(names)));
  }

  private static List<String> sources() throws IOException {
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      var code = modules.map(module -> module.resolve("src/main/java")).filter(Files::isDirectory);
      return code.flatMap(ProblemPagesTest::files).toList();
    }
  }

  private static Stream<String> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(ProblemPagesTest::read)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
