package shop.local.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.local.os.Ports;

@Tag("slow")
class RabbitBrokerTest {
  private static final int CONFIRM_MS = 10_000;

  @TempDir Path folder;
  private RabbitBroker rabbit;

  @BeforeEach
  void start() {
    rabbit = new RabbitBroker(folder, Ports.freeBlock(RabbitBroker.PORTS));
    rabbit.start();
  }

  @AfterEach
  void stop() {
    rabbit.stop();
  }

  @Test
  void messagesConfirmedByAQuorumQueueSurviveAKill() throws Exception {
    withChannel(channel ->
        channel.queueDeclare("tasks", true, false, false, Map.of("x-queue-type", "quorum")));
    // RabbitMQ writes the names of its quorum queues to disk only every half second.
    rabbit.stop();
    rabbit.start();
    withChannel(channel -> {
      channel.confirmSelect();
      var body = "a mail".getBytes(StandardCharsets.UTF_8);
      channel.basicPublish("", "tasks", MessageProperties.PERSISTENT_BASIC, body);
      channel.waitForConfirmsOrDie(CONFIRM_MS);
    });

    rabbit.kill();
    rabbit.start();

    withChannel(channel ->
        assertThat(channel.basicGet("tasks", true).getBody()).asString().isEqualTo("a mail"));
  }

  @Test
  void aWrongPasswordIsRejected() {
    assertThatThrownBy(() -> connect("guest")).isInstanceOf(AuthenticationFailureException.class);
  }

  @Test
  void stopAndKillAlsoStopThePortMapper() {
    var mapperPort = rabbit.endpoint().port() + 1;
    assertThat(Ports.free(mapperPort)).isFalse();
    rabbit.stop();
    assertThat(Ports.free(mapperPort)).isTrue();

    rabbit.start();
    rabbit.kill();
    assertThat(Ports.free(mapperPort)).isTrue();
  }

  @FunctionalInterface
  private interface Work {
    void on(Channel channel) throws Exception;
  }

  private void withChannel(Work work) throws Exception {
    try (var connection = connect(rabbit.endpoint().password());
        var channel = connection.createChannel()) {
      work.on(channel);
    }
  }

  private Connection connect(String password) throws Exception {
    var factory = new ConnectionFactory();
    factory.setHost(rabbit.endpoint().host());
    factory.setPort(rabbit.endpoint().port());
    factory.setUsername(rabbit.endpoint().user());
    factory.setPassword(password);
    factory.setAutomaticRecoveryEnabled(false);
    return factory.newConnection();
  }
}
