package shop.bench.baseline;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * Accepts every request: a Redis script claims the idempotency key, and one record is produced to
 * Kafka and acknowledged. The request is not authenticated, validated, priced or processed, and no
 * stock is reserved.
 */
@SpringBootApplication
@RestController
public class BaselineEndpoint {

  /** The topic of its records. */
  public static final String TOPIC = "bench-baseline";

  private static final String KEY_TTL_MILLIS = "60000";
  private static final long SEND_TIMEOUT_SECONDS = 10;
  private static final RedisScript<Long> CLAIM =
      RedisScript.of(
          "return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0", Long.class);

  private final StringRedisTemplate redis;
  private final KafkaTemplate<String, byte[]> kafka;

  BaselineEndpoint(StringRedisTemplate redis, KafkaTemplate<String, byte[]> kafka) {
    this.redis = redis;
    this.kafka = kafka;
  }

  /** Arguments: the port. Environment: the variables that {@code ./measure} sets. */
  public static void main(String[] arguments) {
    new SpringApplicationBuilder(BaselineEndpoint.class)
        .properties(
            Map.of(
                "server.address", "127.0.0.1",
                "server.port", arguments[0],
                "spring.threads.virtual.enabled", "true",
                "spring.data.redis.port", "${REDIS_PORT:16379}",
                "spring.data.redis.password", "${REDIS_PASSWORD:}",
                "spring.data.redis.database", "15",
                "spring.kafka.bootstrap-servers", "${KAFKA_BOOTSTRAP_SERVERS:127.0.0.1:19092}",
                "spring.kafka.producer.acks", "all",
                "spring.kafka.producer.value-serializer",
                    "org.apache.kafka.common.serialization.ByteArraySerializer"))
        .run();
  }

  /** The response body. */
  record Accepted(UUID id) {}

  @PostMapping("/orders")
  ResponseEntity<Accepted> accept(
      @RequestHeader("Idempotency-Key") String key, @RequestBody byte[] body)
      throws InterruptedException, ExecutionException, TimeoutException {
    UUID id = UUID.randomUUID();
    Long claimed = redis.execute(CLAIM, List.of("bench:" + key), id.toString(), KEY_TTL_MILLIS);
    if (claimed == null || claimed == 0) {
      return ResponseEntity.status(HttpStatus.CONFLICT).build();
    }
    kafka.send(TOPIC, id.toString(), body).get(SEND_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    return ResponseEntity.status(HttpStatus.CREATED).body(new Accepted(id));
  }
}
