package shop.order.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.stereotype.Component;

/** Runs scripts and commands on the one shared connection; many may be under way at once. */
@Component
class Redis {

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

  private final LettuceConnectionFactory connections;
  private final Duration timeout;

  Redis(LettuceConnectionFactory connections, DataRedisProperties properties) {
    this.connections = connections;
    this.timeout = properties.getTimeout() == null ? DEFAULT_TIMEOUT : properties.getTimeout();
  }

  /** Runs a script that answers a list. */
  Answer list(Script script, List<String> keys, List<String> arguments) {
    CompletionStage<List<Object>> answer = run(script, ScriptOutputType.MULTI, keys, arguments);
    return new Answer(await(answer));
  }

  /**
   * Runs a script that answers one word; those of one caller take effect in the order of the calls,
   * however many are under way. So the text is sent each time: a script that Redis does not know by
   * its digest would be overtaken by the next one, which moves the position past it.
   */
  CompletableFuture<String> word(Script script, List<String> keys, List<String> arguments) {
    CompletionStage<Object> answer =
        commands().eval(script.text(), ScriptOutputType.VALUE, bytes(keys), bytes(arguments));
    return answer
        .thenApply(
            word -> word instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(word))
        .toCompletableFuture();
  }

  /** Runs a script for its effect. */
  void run(Script script, List<String> keys, List<String> arguments) {
    await(run(script, ScriptOutputType.INTEGER, keys, arguments));
  }

  private <T> CompletionStage<T> run(
      Script script, ScriptOutputType output, List<String> keys, List<String> arguments) {
    byte[][] keyBytes = bytes(keys);
    byte[][] argumentBytes = bytes(arguments);
    var commands = commands();
    CompletionStage<T> known = commands.evalsha(script.digest(), output, keyBytes, argumentBytes);
    return known.exceptionallyCompose(failure ->
        cause(failure) instanceof RedisNoScriptException
            ? commands.eval(script.text(), output, keyBytes, argumentBytes)
            : CompletableFuture.failedStage(failure));
  }

  /** The commands of the shared connection. */
  @SuppressWarnings("unchecked") // the native connection of a standalone Redis
  RedisAsyncCommands<byte[], byte[]> commands() {
    return (RedisAsyncCommands<byte[], byte[]>) connections.getConnection().getNativeConnection();
  }

  /**
   * Waits for an answer.
   *
   * @throws RedisUnavailable if there is none in time, or Redis is away
   */
  <T> T await(CompletionStage<T> answer) {
    try {
      return answer.toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new RedisUnavailable("Redis failed: " + cause(e).getMessage(), cause(e));
    } catch (TimeoutException e) {
      throw new RedisUnavailable("Redis did not answer within " + timeout, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisUnavailable("Interrupted while waiting for Redis", e);
    }
  }

  private static Throwable cause(Throwable failure) {
    boolean wrapper =
        failure instanceof CompletionException || failure instanceof ExecutionException;
    return wrapper && failure.getCause() != null ? failure.getCause() : failure;
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[][] bytes(List<String> texts) {
    return texts.stream().map(Redis::bytes).toArray(byte[][]::new);
  }

  /** A list of texts that a script answered; the first says what the rest is. */
  record Answer(List<Object> parts) {
    String text(int index) {
      return new String((byte[]) parts.get(index), UTF_8);
    }
  }
}
