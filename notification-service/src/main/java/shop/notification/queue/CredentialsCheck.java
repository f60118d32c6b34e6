package shop.notification.queue;

import org.springframework.boot.amqp.autoconfigure.RabbitProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import shop.common.lifecycle.Phases;

/** Fails the startup if the RabbitMQ credentials are missing: there is no default. */
@Component
final class CredentialsCheck implements SmartLifecycle {

  private final RabbitProperties rabbit;
  private volatile boolean running;

  CredentialsCheck(RabbitProperties rabbit) {
    this.rabbit = rabbit;
  }

  @Override
  public void start() {
    if (!StringUtils.hasText(rabbit.getUsername()) || !StringUtils.hasText(rabbit.getPassword())) {
      throw new IllegalStateException(
          "The RabbitMQ credentials are missing: set RABBITMQ_USER and RABBITMQ_PASSWORD");
    }
    running = true;
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return Phases.PRECONDITIONS;
  }
}
