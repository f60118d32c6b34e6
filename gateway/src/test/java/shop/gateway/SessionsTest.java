package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.gateway.AccessTest.assertProblem;
import static shop.gateway.Gateway.PASSWORD;
import static shop.gateway.Gateway.bearer;
import static shop.gateway.Gateway.credentials;
import static shop.gateway.Gateway.json;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import shop.common.security.AccessTokens;
import shop.common.testkit.OpenApiFuzz;
import shop.gateway.sessions.Sessions;
import tools.jackson.databind.JsonNode;

/** Logging in, refreshing, logging out. */
@Tag("slow")
class SessionsTest {

  private final Gateway gateway = Shared.gateway();

  @Test
  void everyOperationRespondsAsItsDocumentSays() throws IOException {
    String token = gateway.loginNewAccount().get("access_token").asString();

    OpenApiFuzz.run(gateway.port(), token, 1, 40, Set.of("auth.logout", "sessions.endAll"));
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
  void aRepeatedRefreshReturnsTheSameTokenUntilThatIsUsed() {
    String first = gateway.loginNewAccount().get("refresh_token").asString();
    String second = json(gateway.refresh(first)).get("refresh_token").asString();

    assertThat(json(gateway.refresh(first)).get("refresh_token").asString()).isEqualTo(second);

    var third = json(gateway.refresh(second));
    assertProblem(gateway.refresh(first), 401, "/problems/unauthorized");
    assertThat(gateway.get("/orders", bearer(third)).statusCode()).isEqualTo(401);
  }

  @Test
  void refreshTokenUsedTwiceEndsTheSessionEverywhere() {
    var first = gateway.loginNewAccount();
    var second = json(gateway.refresh(first.get("refresh_token").asString()));
    setField(first, "repeat-until", "0");

    var again = gateway.refresh(first.get("refresh_token").asString());

    assertProblem(again, 401, "/problems/unauthorized");
    assertThat(gateway.get("/orders", bearer(second)).statusCode()).isEqualTo(401);
    assertThat(gateway.refresh(second.get("refresh_token").asString()).statusCode()).isEqualTo(401);
  }

  @Test
  void concurrentRefreshesReturnTheSameToken() throws Exception {
    String token = gateway.loginNewAccount().get("refresh_token").asString();
    var calls =
        IntStream.range(0, 4)
            .<Callable<String>>mapToObj(
                _ -> () -> json(gateway.refresh(token)).get("refresh_token").asString())
            .toList();

    List<String> next;
    try (var threads = Executors.newFixedThreadPool(calls.size())) {
      next = threads.invokeAll(calls).stream().map(call -> call.resultNow()).toList();
    }

    assertThat(next).hasSize(4).containsOnly(next.getFirst());
    assertThat(gateway.refresh(next.getFirst()).statusCode()).isEqualTo(200);
  }

  @Test
  void aSessionExpiresAtItsMaximumLifetimeHoweverOftenItIsRefreshed() {
    var tokens = gateway.loginNewAccount();
    setField(tokens, "created", "" + Instant.now().minus(Duration.ofDays(90)).toEpochMilli());

    assertProblem(
        gateway.refresh(tokens.get("refresh_token").asString()), 401, "/problems/unauthorized");
  }

  @Test
  void aRefreshWaitsUntilRedisHoldsNoEndedSession() {
    String token = gateway.loginNewAccount().get("refresh_token").asString();
    var redis = gateway.bean(StringRedisTemplate.class);
    await().until(() -> redis.hasKey("sessions-checked"));

    redis.delete("sessions-checked");

    await()
        .until(() -> {
          int status = gateway.refresh(token).statusCode();
          assertThat(status).isIn(200, 503);
          return status == 200;
        });
  }

  @Test
  void oneSessionTooManyEndsTheOneThatWasRefreshedLongestAgo() {
    var sessions = gateway.bean(Sessions.class);
    var account = UUID.randomUUID();
    var oldest = sessions.begin(account, "first");
    for (int number = 0; number < 100; number++) {
      sessions.begin(account, "x".repeat(300));
    }

    var left = sessions.of(account);

    assertThat(left).hasSize(100).noneMatch(session -> session.id().equals(oldest.sessionId()));
    assertThat(left.getFirst().device()).hasSize(200);
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

  @Test
  void aSessionTellsItsDeviceAndWhenItWasLastSeen() {
    String email = Gateway.anyAddress();
    gateway.register(email);
    var tokens =
        json(
            gateway.post(
                "/auth/login", credentials(email, PASSWORD), "User-Agent", "Shop/2.1 (phone)"));
    var before = onlySession(tokens);
    assertThat(before.get("device").asString()).isEqualTo("Shop/2.1 (phone)");
    assertThat(before.get("lastSeenAt")).isEqualTo(before.get("createdAt"));

    var refreshed = json(gateway.refresh(tokens.get("refresh_token").asString()));

    var after = onlySession(refreshed);
    assertThat(Instant.parse(after.get("lastSeenAt").asString()))
        .isAfter(Instant.parse(before.get("lastSeenAt").asString()));
    assertThat(after.get("createdAt")).isEqualTo(before.get("createdAt"));
  }

  @Test
  void allOwnSessionsCanBeEndedAtOnce() {
    String email = Gateway.anyAddress();
    gateway.register(email);
    var one = gateway.login(email);
    var two = gateway.login(email);
    var other = gateway.loginNewAccount();

    assertThat(gateway.delete("/auth/sessions", bearer(one)).statusCode()).isEqualTo(204);

    assertThat(gateway.get("/orders", bearer(one)).statusCode()).isEqualTo(401);
    assertThat(gateway.get("/orders", bearer(two)).statusCode()).isEqualTo(401);
    assertThat(gateway.refresh(two.get("refresh_token").asString()).statusCode()).isEqualTo(401);
    assertThat(gateway.get("/orders", bearer(other)).statusCode()).isEqualTo(200);
  }

  @Test
  void anAdminListsAndEndsTheSessionsOfAnyAccount() {
    var admin = bearer(gateway.login(Gateway.ADMIN));
    var tokens = gateway.loginNewAccount();
    var caller = gateway.bean(AccessTokens.class).verify(tokens.get("access_token").asString());
    String path = "/admin/accounts/" + caller.id() + "/sessions";

    assertThat(json(gateway.get(path, admin)).get("items")).hasSize(1);
    assertProblem(gateway.get(path, bearer(tokens)), 403, "/problems/forbidden");
    assertProblem(gateway.delete(path, bearer(tokens)), 403, "/problems/forbidden");
    assertProblem(gateway.delete(path + "/unknown", admin), 404, "/problems/not-found");
    assertThat(gateway.delete(path + "/" + caller.sessionId(), admin).statusCode()).isEqualTo(204);
    assertThat(gateway.get("/orders", bearer(tokens)).statusCode()).isEqualTo(401);

    assertThat(gateway.delete(path, admin).statusCode()).isEqualTo(204);
    for (var unknown : List.of(UUID.randomUUID().toString(), "%20", "x", "1-1-1-1-1")) {
      assertProblem(
          gateway.get("/admin/accounts/" + unknown + "/sessions", admin),
          404,
          "/problems/not-found");
    }
  }

  @Test
  void aRefreshTokenAloneEndsItsSession() {
    var tokens = gateway.loginNewAccount();
    String refreshToken = tokens.get("refresh_token").asString();

    assertThat(logout(refreshToken).statusCode()).isEqualTo(200);

    assertThat(gateway.get("/orders", bearer(tokens)).statusCode()).isEqualTo(401);
    assertThat(gateway.refresh(refreshToken).statusCode()).isEqualTo(401);
    assertThat(logout(refreshToken).statusCode()).isEqualTo(200);
    assertThat(logout("unknown").statusCode()).isEqualTo(200);
    assertProblem(gateway.post("/auth/logout", "{}"), 401, "/problems/unauthorized");
    assertProblem(
        gateway.post("/auth/logout", "", bearer("forged")), 401, "/problems/unauthorized");
  }

  @Test
  void theOwnAccountIsShown() {
    String email = Gateway.anyAddress();
    gateway.register(email);
    var tokens = gateway.login(email);
    var caller = gateway.bean(AccessTokens.class).verify(tokens.get("access_token").asString());

    var me = json(gateway.get("/auth/me", bearer(tokens)));

    assertThat(me.get("id").asString()).isEqualTo(caller.id().toString());
    assertThat(me.get("email").asString()).isEqualTo(email);
    assertThat(me.get("roles")).hasSize(1);
    assertThat(me.get("sessionId").asString()).isEqualTo(caller.sessionId());
    assertProblem(gateway.get("/auth/me"), 401, "/problems/unauthorized");
  }

  private HttpResponse<String> logout(String refreshToken) {
    return gateway.post("/auth/logout", "{\"refresh_token\":\"" + refreshToken + "\"}");
  }

  private JsonNode onlySession(JsonNode tokens) {
    var items = json(gateway.get("/auth/sessions", bearer(tokens))).get("items");
    assertThat(items).hasSize(1);
    return items.get(0);
  }

  private void setField(JsonNode tokens, String field, String value) {
    var caller = gateway.bean(AccessTokens.class).verify(tokens.get("access_token").asString());
    gateway
        .bean(StringRedisTemplate.class)
        .opsForHash()
        .put("session:" + caller.sessionId(), field, value);
  }

  private static String withoutTrace(String body) {
    return body.replaceAll("\"traceId\":\"[0-9a-f]+\"", "")
        .replaceAll("\"instance\":\"[^\"]+\"", "");
  }
}
