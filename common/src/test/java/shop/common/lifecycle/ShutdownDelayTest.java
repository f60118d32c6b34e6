package shop.common.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.common.deadletter.DeadLetterConfiguration;
import shop.common.kafka.KafkaConfiguration;
import shop.common.security.AccessRules;
import shop.common.testkit.TestTokens;

/** A service that is being stopped says so to checks, and serves until they must have noticed. */
class ShutdownDelayTest {

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      exclude = {
        DataSourceAutoConfiguration.class,
        KafkaConfiguration.class,
        DeadLetterConfiguration.class
      })
  @Import(Greeting.class)
  static class Service {
    @Bean
    AccessRules accessRules() {
      return requests -> requests.requestMatchers("/greeting").permitAll();
    }
  }

  @RestController
  static class Greeting {
    @GetMapping("/greeting")
    String greeting() {
      return "good day";
    }
  }

  @Test
  void requestsAreServedWhileChecksAreAnsweredWith503() throws Exception {
    var context =
        new SpringApplicationBuilder(Service.class)
            .run(
                "--spring.config.import=classpath:shop-defaults.yml",
                "--server.port=0",
                "--shop.tokens.jwks-uri=" + TestTokens.jwksUri(),
                "--springdoc.api-docs.enabled=false",
                "--shop.shutdown.delay=2s");
    int port = Integer.parseInt(context.getEnvironment().getProperty("local.server.port", ""));
    try (var http = HttpClient.newHttpClient()) {
      assertThat(status(http, port, "/readyz")).isEqualTo(200);

      var stopped = CompletableFuture.runAsync(context::close);

      await().until(() -> status(http, port, "/readyz") == 503);
      assertThat(status(http, port, "/greeting")).isEqualTo(200);
      stopped.get();
      await().until(() -> status(http, port, "/greeting") == 0);
    }
  }

  /** 0 if there is no connection. */
  private static int status(HttpClient http, int port, String path)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode();
    } catch (ConnectException e) {
      return 0;
    }
  }
}
