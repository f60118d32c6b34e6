package shop.local.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import shop.local.os.Ports;
import shop.local.os.ProcessFiles;
import shop.local.os.SecretFile;
import shop.local.os.Watchdog;

/** Processes on this machine with a temporary folder; each starts at its first use. */
final class NativeBrokers implements BrokerSource {
  private @Nullable Path folder;
  private @Nullable KafkaBroker kafka;
  private @Nullable RedisServer redis;
  private @Nullable RabbitBroker rabbit;
  private @Nullable PostgresServer postgres;
  private @Nullable MailServer mail;

  @Override
  public synchronized Optional<String> kafka() {
    if (kafka == null) {
      kafka = started(new KafkaBroker(folder("kafka"), Ports.freeBlock(KafkaBroker.PORTS)));
    }
    return Optional.of(kafka.bootstrapServers());
  }

  @Override
  public synchronized Optional<RedisEndpoint> redis() {
    if (redis == null) {
      redis = started(new RedisServer(folder("redis"), Ports.freeBlock(1)));
    }
    return Optional.of(redis.endpoint());
  }

  @Override
  public synchronized Optional<RabbitEndpoint> rabbit() {
    if (rabbit == null) {
      rabbit = started(new RabbitBroker(folder("rabbitmq"), Ports.freeBlock(RabbitBroker.PORTS)));
    }
    return Optional.of(rabbit.endpoint());
  }

  @Override
  public synchronized Optional<DatabaseSchemas> database() {
    if (postgres == null) {
      var files = ProcessFiles.in(folder("postgres"), "postgres");
      var password = SecretFile.readOrCreate(folder("postgres").resolve("password"));
      postgres = started(new PostgresServer(files, Ports.freeBlock(1), _ -> password));
    }
    return Optional.of(postgres.schemas());
  }

  @Override
  public synchronized Optional<MailEndpoint> mail() {
    if (mail == null) {
      mail = started(new MailServer(folder("mail"), Ports.freeBlock(1), Ports.freeBlock(1)));
    }
    return Optional.of(mail.endpoint());
  }

  private static <B extends Broker> B started(B broker) {
    broker.start();
    return broker;
  }

  private Path folder(String name) {
    if (folder == null) {
      try {
        folder = Files.createTempDirectory("shop-brokers");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Watchdog.guard(folder);
    }
    return folder.resolve(name);
  }
}
