package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.gateway.AccessTest.assertProblem;
import static shop.gateway.Gateway.PASSWORD;
import static shop.gateway.Gateway.credentials;
import static shop.gateway.Gateway.json;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registration of accounts. */
@Tag("slow")
class RegistrationTest {

  private final Gateway gateway = Shared.gateway();

  @Test
  void newAccountCanLogIn() {
    String email = Gateway.anyAddress();

    var response = gateway.register(email);

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(json(response).get("email").asString()).isEqualTo(email);
    assertThat(UUID.fromString(json(response).get("id").asString()).version()).isEqualTo(5);
    assertThat(gateway.login(email).get("token_type").asString()).isEqualTo("Bearer");
  }

  @Test
  void addressIsCaseInsensitive() {
    String email = Gateway.anyAddress();
    gateway.register(email);

    assertProblem(gateway.register(email.toUpperCase(Locale.ROOT)), 409, "/problems/address-taken");
    assertThat(gateway.login(email.toUpperCase(Locale.ROOT)).has("access_token")).isTrue();
  }

  @Test
  void exactlyOneOfManyConcurrentRegistrationsSucceeds() throws Exception {
    String email = Gateway.anyAddress();
    var gateways = List.of(gateway, Shared.anotherGateway());
    List<Callable<HttpResponse<String>>> calls =
        IntStream.range(0, 6)
            .<Callable<HttpResponse<String>>>mapToObj(number ->
                () ->
                    gateways
                        .get(number % 2)
                        .post("/auth/register", credentials(email, PASSWORD + number)))
            .toList();

    List<Integer> statuses;
    try (var threads = Executors.newFixedThreadPool(calls.size())) {
      statuses =
          threads.invokeAll(calls).stream().map(call -> call.resultNow().statusCode()).toList();
    }

    assertThat(statuses).containsOnlyOnce(201).allMatch(status -> status == 201 || status == 409);
    int winner = statuses.indexOf(201);
    for (int number = 0; number < calls.size(); number++) {
      var login = gateway.post("/auth/login", credentials(email, PASSWORD + number));
      assertThat(login.statusCode()).isEqualTo(number == winner ? 200 : 401);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"email\":\"nobody\",\"password\":\"long enough!\"} | /email",
        "{\"email\":\"a@b@c\",\"password\":\"long enough!\"} | /email",
        "{\"email\":\"a..b@x.test\",\"password\":\"long enough!\"} | /email",
        "{\"email\":\"a.@x.test\",\"password\":\"long enough!\"} | /email",
        "{\"email\":\".a@x.test\",\"password\":\"long enough!\"} | /email",
        "{\"email\":\"a\\u0000b@x.test\",\"password\":\"long enough!\"} | /email",
        "{\"email\":\"a@x.test\\n\",\"password\":\"long enough!\"} | /email",
        "{\"password\":\"long enough!\"} | /email",
        "{\"email\":\"a@b.org\",\"password\":\"short\"} | /password",
        "{\"email\":\"a@b.org\"} | /password",
        "{\"email\":\"a@b.org\",\"password\":\"long enough!\",\"roles\":[\"ADMIN\"]} | /roles"
      })
  void invalidInputIsReportedWithItsPointer(String body, String pointer) {
    var response = gateway.post("/auth/register", body);

    assertProblem(response, 422, "/problems/invalid-request");
    assertThat(json(response).get("errors").get(0).get("pointer").asString()).isEqualTo(pointer);
    assertThat(response.body()).doesNotContain("long enough!");
  }

  /** Characters are code points, as in {@code maxLength} of the API's document. */
  @ParameterizedTest
  @CsvSource({
    "x, 9, 422",
    "x, 128, 201",
    "x, 129, 422",
    "😀, 9, 422",
    "😀, 128, 201",
    "😀, 129, 422"
  })
  void aPasswordHas10To128Characters(String character, int length, int status) {
    String email = Gateway.anyAddress();
    String body = credentials(email, character.repeat(length));

    assertThat(gateway.post("/auth/register", body).statusCode()).isEqualTo(status);
    assertThat(gateway.post("/auth/login", body).statusCode())
        .isEqualTo(status == 201 ? 200 : length > 128 ? 422 : 401);
  }

  @ParameterizedTest
  @CsvSource({"64, 189, 201", "65, 188, 422", "64, 190, 422"})
  void anAddressHasAtMost254CharactersAnd64BeforeTheAt(int local, int domain, int status) {
    String random = UUID.randomUUID().toString();
    String email =
        random
            + "a".repeat(local - random.length())
            + "@"
            + ("b".repeat(60) + ".").repeat(4).substring(0, domain - 1)
            + "c";

    assertThat(email).hasSize(local + 1 + domain);
    assertThat(gateway.register(email).statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "{\"email\":"})
  void malformedBodyIs400(String body) {
    assertProblem(gateway.post("/auth/register", body), 400, "/problems/malformed-request");
  }

  @Test
  void hugeBodyIsRejected() {
    var response =
        gateway.post("/auth/register", credentials(Gateway.anyAddress(), "x".repeat(70_000)));

    assertProblem(response, 413, "/problems/content-too-large");
    assertThat(gateway.get("/problems/content-too-large").statusCode()).isEqualTo(200);
  }
}
