package shop.order.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.stereotype.Component;

/**
 * Runs scripts and commands on the present {@link RedisLink}; many may be under way at once. What
 * writes for a request needs Redis to be open: to be the very one that held all of the log.
 * Arguments of scripts are texts or bytes.
 */
@Component
class Redis {

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

  private final LettuceConnectionFactory connections;
  private final Duration timeout;
  private volatile @Nullable RedisLink link;
  private volatile @Nullable String epoch;

  Redis(LettuceConnectionFactory connections, DataRedisProperties properties) {
    this.connections = connections;
    this.timeout = properties.getTimeout() == null ? DEFAULT_TIMEOUT : properties.getTimeout();
  }

  /** The link to Redis; a new one if there is none or the last one broke. */
  RedisLink connect() {
    @Nullable RedisLink present = link;
    if (present != null && present.isUp()) {
      return present;
    }
    disconnect();
    try {
      var made = RedisLink.to((RedisClient) connections.getRequiredNativeClient(), timeout);
      link = made;
      return made;
    } catch (RedisException e) {
      throw new RedisUnavailable("Redis is away: " + e.getMessage(), e);
    }
  }

  /** Ends the link: what is under way on it fails. */
  void disconnect() {
    epoch = null;
    @Nullable RedisLink present = link;
    link = null;
    if (present != null) {
      present.close();
    }
  }

  /** From now on requests may write, as long as Redis has this epoch. */
  void open(String begun) {
    epoch = begun;
  }

  /** From now on no request writes. */
  void shut() {
    epoch = null;
  }

  boolean isOpen() {
    return epoch != null;
  }

  /**
   * Comes after what was not found, or found to be all: asks Redis whether it is the one that held
   * all of the log, for it may have been emptied a moment ago.
   *
   * @throws RedisUnavailable if it is not, so that there may be more
   */
  void requireOpen() {
    @Nullable String begun = epoch;
    byte @Nullable [] present = begun == null ? null : await(commands().get(bytes(Keys.EPOCH)));
    if (present == null || !new String(present, UTF_8).equals(begun)) {
      throw new RedisUnavailable("Redis is being filled from the log", null);
    }
  }

  /** Runs a script that answers a list. */
  Answer list(Script script, List<String> keys, List<?> arguments) {
    return new Answer(await(send(script, ScriptOutputType.MULTI, keys, arguments)));
  }

  /** Runs a script that answers a word. */
  String word(Script script, List<String> keys, List<?> arguments) {
    byte[] word = await(send(script, ScriptOutputType.VALUE, keys, arguments));
    return new String(word, UTF_8);
  }

  /** Runs a script for its effect. */
  void run(Script script, List<String> keys, List<?> arguments) {
    Long _ = await(send(script, ScriptOutputType.INTEGER, keys, arguments));
  }

  /**
   * Sends a script.
   *
   * @throws RedisUnavailable if Redis is away or not open
   */
  <T> CompletionStage<T> send(
      Script script, ScriptOutputType output, List<?> keys, List<?> arguments) {
    // Before the epoch: a link that is newer than the epoch could reach another run of Redis.
    RedisLink to = present();
    List<Object> all = new ArrayList<>(arguments);
    if (script.isGuarded()) {
      @Nullable String begun = epoch;
      if (begun == null) {
        throw new RedisUnavailable("Redis is not open", null);
      }
      all.add(begun);
    }
    return to.requests().async().evalsha(script.digest(), output, bytes(keys), bytes(all));
  }

  /**
   * Applies a stretch of the log by a script. Those of one caller take effect in the order of the
   * calls; they leave at {@link #flush}.
   */
  CompletableFuture<String> apply(Script script, List<String> keys, List<?> arguments) {
    CompletionStage<byte[]> answer =
        present()
            .projection()
            .async()
            .evalsha(script.digest(), ScriptOutputType.VALUE, bytes(keys), bytes(arguments));
    return answer.thenApply(word -> new String(word, UTF_8)).toCompletableFuture();
  }

  /** Sends what is to be applied. */
  void flush() {
    present().projection().flushCommands();
  }

  /** The commands of the connection that requests share. */
  RedisAsyncCommands<byte[], byte[]> commands() {
    return present().requests().async();
  }

  private RedisLink present() {
    @Nullable RedisLink present = link;
    if (present == null) {
      throw new RedisUnavailable("Redis is away", null);
    }
    return present;
  }

  /**
   * Waits for an answer; the client ends a command that takes longer than the connection's timeout.
   *
   * @throws RedisUnavailable if there is none in time, or Redis is away or not open
   */
  <T> T await(CompletionStage<T> answer) {
    try {
      return answer.toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw failed(cause(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisUnavailable("Interrupted while waiting for Redis", e);
    }
  }

  private RedisUnavailable failed(Throwable cause) {
    if (cause instanceof RedisUnavailable unavailable) {
      return unavailable;
    }
    if (cause instanceof RedisNoScriptException) {
      disconnect();
    } else if (cause instanceof RedisCommandExecutionException
        && String.valueOf(cause.getMessage()).startsWith("EPOCH")) {
      shut();
    }
    return new RedisUnavailable(said(String.valueOf(cause.getMessage())), cause);
  }

  /** What Redis said, and what to do about it if that is known. */
  static String said(String message) {
    return message.contains("OOM command not allowed")
        ? "Redis is full; it takes nothing until it has more memory (maxmemory), and no order is lost"
        : "Redis failed: " + message;
  }

  private static Throwable cause(Throwable failure) {
    boolean wrapper =
        failure instanceof CompletionException || failure instanceof ExecutionException;
    return wrapper && failure.getCause() != null ? failure.getCause() : failure;
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static byte[][] bytes(List<?> all) {
    byte[][] bytes = new byte[all.size()][];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = all.get(i) instanceof byte[] raw ? raw : bytes(String.valueOf(all.get(i)));
    }
    return bytes;
  }

  /** A list of texts that a script answered; the first says what the rest is. */
  record Answer(List<Object> parts) {
    /** An answer that is one of many in a script's. */
    @SuppressWarnings("unchecked") // lists are lists of texts and lists
    static Answer of(Object part) {
      return new Answer((List<Object>) part);
    }

    String text(int index) {
      return new String(bytes(index), UTF_8);
    }

    byte[] bytes(int index) {
      return (byte[]) parts.get(index);
    }
  }
}
