package shop.operations.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import shop.common.testkit.BrokersInitializer;
import shop.common.testkit.TestTokens;
import shop.local.broker.PostgresServer;
import shop.local.os.Ports;
import shop.operations.OperationsApplication;
import shop.operations.TestLog;

/** An instance with a PostgreSQL and a consumer group of its own. */
@Tag("slow")
class DatabaseOutageTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private static Path folder;
  private static PostgresServer postgres;
  private static ConfigurableApplicationContext service;

  /** The service starts while the database is away. */
  @BeforeAll
  static void start() {
    postgres = new PostgresServer(folder, Ports.freeBlock(1));
    var database = postgres.schemas().endpoint("operations");
    service =
        new SpringApplicationBuilder(OperationsApplication.class)
            .initializers(new BrokersInitializer())
            .run(
                "--server.port=0",
                "--spring.application.name=outage-" + UUID.randomUUID(),
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + database.user(),
                "--spring.datasource.password=" + database.password());
  }

  @AfterAll
  static void stop() {
    service.close();
    postgres.thaw();
    postgres.stop();
  }

  @Test
  void requestsAreAnsweredWith503UntilTheDatabaseIsBack() throws Exception {
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    postgres.start();
    await().atMost(TIMEOUT).until(() -> get("/readyz").statusCode() == 200);
    var before = TestLog.append(TestLog.letter("payment-service"));
    awaitFound(before.id());

    postgres.kill();
    var meanwhile = TestLog.append(TestLog.letter("payment-service"));
    var response = get("/admin/dlq");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).contains("1");
    assertThat(response.body()).contains("The database is temporarily unavailable");
    assertThat(get("/livez").statusCode()).isEqualTo(200);

    postgres.start();
    awaitFound(meanwhile.id());

    // and a database that hangs holds no request for ever
    postgres.freeze();
    assertThat(get("/admin/dlq").statusCode()).isEqualTo(503);
    postgres.thaw();
    awaitFound(before.id());
  }

  private static void awaitFound(String id) {
    await().atMost(TIMEOUT).until(() -> get("/admin/dlq/" + id).statusCode() == 200);
  }

  private static HttpResponse<String> get(String path) throws Exception {
    String port = service.getEnvironment().getProperty("local.server.port");
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + TestTokens.admin(new UUID(0, 1)))
            .build(),
        BodyHandlers.ofString());
  }
}
