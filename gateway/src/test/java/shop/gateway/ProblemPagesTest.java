package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.gateway.AccessTest.assertProblem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.web.util.HtmlUtils;
import shop.common.problem.ProblemType;

/** Every kind of problem that the platform's code names has a page, and no other has. */
class ProblemPagesTest {

  private static final Pattern NAMED =
      Pattern.compile(
          "(?:Problem\\s*\\.|\\s)of\\(\\s*HttpStatus\\.([A-Z_]+),\\s*\"([a-z-]+)\",\\s*\"");

  /** Rejections of commands become problems of the same name. */
  private static final Pattern REJECTED =
      Pattern.compile("(?:new Refused\\(|rejected\\([^;\"]*)\\s*\"([a-z-]+)\"");

  /** Named after the status alone, by the gateway. */
  private static final Set<String> BY_STATUS =
      Set.of("gateway-timeout", "method-not-allowed", "not-acceptable", "unsupported-media-type");

  private static Gateway gateway;

  @BeforeAll
  static void start() {
    gateway = Gateway.start();
  }

  @Test
  void everyProblemThatTheCodeNamesHasAPage() throws IOException {
    Map<String, Integer> listed =
        ProblemType.all().stream()
            .collect(
                Collectors.toMap(
                    ProblemType::type, ProblemType::status, (a, _) -> a, TreeMap::new));
    Map<String, Integer> named = new TreeMap<>();
    for (String code : sources()) {
      NAMED
          .matcher(code)
          .results()
          .forEach(found -> named.put(found.group(2), HttpStatus.valueOf(found.group(1)).value()));
      REJECTED
          .matcher(code)
          .results()
          .forEach(found -> named.put(found.group(1), HttpStatus.CONFLICT.value()));
    }
    BY_STATUS.forEach(name -> named.put(name, listed.get(name)));

    assertThat(named).hasSizeGreaterThan(30);
    assertThat(listed).as("problems.json of common").isEqualTo(named);
  }

  @Test
  void aPageSaysWhenItHappensAndWhatToDo() {
    for (var type : ProblemType.all()) {
      var page = gateway.get(type.url().toString());

      assertThat(page.statusCode()).as(type.type()).isEqualTo(200);
      assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=UTF-8");
      assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
      assertThat(page.body())
          .contains("<h1>" + type.title() + "</h1>", HtmlUtils.htmlEscape(type.when()));
    }
  }

  @Test
  void thereIsAListOfAll() {
    var page = gateway.get("/problems");

    assertThat(page.body()).contains("href=\"/problems/out-of-stock\"");
  }

  @Test
  void aProblemThatTheGatewayAnswersLeadsToItsPage() {
    var refused = gateway.get("/orders");

    var page = gateway.get(Gateway.json(refused).get("type").asString());

    assertThat(page.body()).contains("<h1>Not authenticated</h1>");
  }

  @Test
  void anotherNameIsNotThere() {
    assertProblem(gateway.get("/problems/no-such-thing"), 404, "/problems/not-found");
  }

  @Test
  void namesAreInOrder() {
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
