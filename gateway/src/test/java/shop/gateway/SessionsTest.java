package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.gateway.AccessTest.assertProblem;
import static shop.gateway.Gateway.PASSWORD;
import static shop.gateway.Gateway.bearer;
import static shop.gateway.Gateway.credentials;
import static shop.gateway.Gateway.json;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import shop.common.security.AccessTokens;
import shop.common.testkit.OpenApiFuzz;

/** Logging in, refreshing, logging out. */
@Tag("slow")
class SessionsTest {

  private final Gateway gateway = Shared.gateway();

  @Test
  void everyOperationRespondsAsItsDocumentSays() throws IOException {
    String token = gateway.loginNewAccount().get("access_token").asString();

    OpenApiFuzz.run(gateway.port(), token, 1, 40, Set.of("auth.logout"));
    OpenApiFuzz.run(gateway.port(), token, 2, 10, Set.of());
  }

  @Test
  void loginReturnsATokenWithSessionAndRoles() {
    var tokens = gateway.loginNewAccount();

    var caller = gateway.bean(AccessTokens.class).verify(tokens.get("access_token").asString());

    assertThat(caller.roles()).containsExactly("CUSTOMER");
    assertThat(caller.sessionId()).isNotBlank();
    assertThat(tokens.get("expires_in").asLong()).isEqualTo(600);
  }

  @Test
  void wrongPasswordAndUnknownAddressAreIndistinguishable() {
    String email = Gateway.anyAddress();
    gateway.register(email);

    var wrong = gateway.post("/auth/login", credentials(email, PASSWORD + "!"));
    var unknown = gateway.post("/auth/login", credentials(Gateway.anyAddress(), PASSWORD));
    var noAddress = gateway.post("/auth/login", credentials("nobody", PASSWORD));

    assertProblem(wrong, 401, "/problems/unauthorized");
    assertThat(withoutTrace(unknown.body())).isEqualTo(withoutTrace(wrong.body()));
    assertThat(withoutTrace(noAddress.body())).isEqualTo(withoutTrace(wrong.body()));
  }

  @Test
  void tokenResponsesAreNotCacheable() {
    gateway.register("cache@example.org");

    var response = gateway.post("/auth/login", credentials("cache@example.org", PASSWORD));

    assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
  }

  @Test
  void refreshReturnsNewTokensOfTheSameSession() {
    var first = gateway.loginNewAccount();

    var second = json(gateway.refresh(first.get("refresh_token").asString()));

    assertThat(second.get("refresh_token")).isNotEqualTo(first.get("refresh_token"));
    var tokens = gateway.bean(AccessTokens.class);
    assertThat(tokens.verify(second.get("access_token").asString()))
        .isEqualTo(tokens.verify(first.get("access_token").asString()));
    assertThat(gateway.get("/orders", bearer(second)).statusCode()).isEqualTo(200);
  }

  @Test
  void refreshTokenUsedTwiceEndsTheSessionEverywhere() {
    var first = gateway.loginNewAccount();
    var second = json(gateway.refresh(first.get("refresh_token").asString()));

    var again = gateway.refresh(first.get("refresh_token").asString());

    assertProblem(again, 401, "/problems/unauthorized");
    assertThat(gateway.get("/orders", bearer(second)).statusCode()).isEqualTo(401);
    assertThat(gateway.refresh(second.get("refresh_token").asString()).statusCode()).isEqualTo(401);
  }

  @Test
  void atMostOneOfSeveralConcurrentRefreshesSucceeds() throws Exception {
    String token = gateway.loginNewAccount().get("refresh_token").asString();
    var calls =
        IntStream.range(0, 4)
            .<Callable<Integer>>mapToObj(_ -> () -> gateway.refresh(token).statusCode())
            .toList();

    List<Integer> statuses;
    try (var threads = Executors.newFixedThreadPool(calls.size())) {
      statuses = threads.invokeAll(calls).stream().map(call -> call.resultNow()).toList();
    }

    assertThat(statuses).containsOnlyOnce(200);
  }

  @Test
  void forgedRefreshTokenDoesNotEndTheSession() {
    var tokens = gateway.loginNewAccount();
    String valid = tokens.get("refresh_token").asString();
    String forged = valid.substring(0, 23) + "A".repeat(22) + valid.substring(45);

    assertThat(gateway.refresh(forged).statusCode()).isEqualTo(401);
    assertThat(gateway.refresh("nonsense").statusCode()).isEqualTo(401);
    assertThat(gateway.refresh(valid).statusCode()).isEqualTo(200);
  }

  @Test
  void tokenOfAnEndedSessionIsRejectedAtOnceHereAndSoonByEveryGateway() {
    var tokens = gateway.loginNewAccount();
    assertThat(Shared.anotherGateway().get("/orders", bearer(tokens)).statusCode()).isEqualTo(200);

    assertThat(gateway.post("/auth/logout", "", bearer(tokens)).statusCode()).isEqualTo(204);

    assertThat(gateway.get("/orders", bearer(tokens)).statusCode()).isEqualTo(401);
    assertThat(gateway.refresh(tokens.get("refresh_token").asString()).statusCode()).isEqualTo(401);
    await().until(() -> Shared.anotherGateway().get("/orders", bearer(tokens)).statusCode() == 401);
  }

  @Test
  void logoutSurvivesTheLossOfRedisAndARestart() {
    var tokens = gateway.loginNewAccount();
    gateway.post("/auth/logout", "", bearer(tokens));
    gateway
        .bean(StringRedisTemplate.class)
        .execute(
            (RedisCallback<Object>)
                connection -> {
                  connection.serverCommands().flushAll();
                  return "";
                });

    var restarted = Gateway.start("ORDER_SERVICE_URLS=" + Shared.orders().url());
    assertThat(restarted.get("/orders", bearer(tokens)).statusCode()).isEqualTo(401);
  }

  @Test
  void logoutIsIdempotent() {
    var tokens = gateway.loginNewAccount();

    assertThat(gateway.post("/auth/logout", "", bearer(tokens)).statusCode()).isEqualTo(204);
    assertThat(gateway.post("/auth/logout", "", bearer(tokens)).statusCode()).isEqualTo(204);
  }

  @Test
  void ownSessionsCanBeListedAndEnded() {
    String email = Gateway.anyAddress();
    gateway.register(email);
    var current = gateway.login(email);
    var other = gateway.login(email);

    var listed = json(gateway.get("/auth/sessions", bearer(current))).get("items");

    assertThat(listed).hasSize(2);
    for (var session : listed) {
      if (!session.get("current").asBoolean()) {
        var ended =
            gateway.delete("/auth/sessions/" + session.get("id").asString(), bearer(current));
        assertThat(ended.statusCode()).isEqualTo(204);
      }
    }
    assertThat(gateway.get("/orders", bearer(other)).statusCode()).isEqualTo(401);
    assertThat(gateway.get("/orders", bearer(current)).statusCode()).isEqualTo(200);
    assertThat(json(gateway.get("/auth/sessions", bearer(current))).get("items")).hasSize(1);
  }

  @Test
  void sessionOfAnotherAccountIs404() {
    var mine = gateway.loginNewAccount();
    var theirs = gateway.loginNewAccount();
    String id =
        gateway.bean(AccessTokens.class).verify(theirs.get("access_token").asString()).sessionId();

    assertProblem(gateway.delete("/auth/sessions/" + id, bearer(mine)), 404, "/problems/not-found");
    assertThat(gateway.get("/orders", bearer(theirs)).statusCode()).isEqualTo(200);
  }

  private static String withoutTrace(String body) {
    return body.replaceAll("\"traceId\":\"[0-9a-f]+\"", "")
        .replaceAll("\"instance\":\"[^\"]+\"", "");
  }
}
