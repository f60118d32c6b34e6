package shop.order.redis;

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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.stereotype.Component;

/**
 * Runs scripts and commands on the current {@link RedisLink}; many may be in progress at once.
 * Scripts that write for a request need Redis to be open: it must be the same run of Redis that was
 * filled to the end of the log. Arguments of scripts are texts or bytes.
 */
@Component
public class Redis {

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
    @Nullable RedisLink current = link;
    if (current != null && current.isUp()) {
      return current;
    }
    disconnect();
    try {
      var connected = RedisLink.to((RedisClient) connections.getRequiredNativeClient(), timeout);
      link = connected;
      return connected;
    } catch (RedisException e) {
      throw new RedisUnavailable("Cannot connect to Redis: " + e.getMessage(), e);
    }
  }

  /** Closes the link; commands that are in progress on it fail. */
  void disconnect() {
    epoch = null;
    @Nullable RedisLink current = link;
    link = null;
    if (current != null) {
      current.close();
    }
  }

  /** Admits writes of requests, as long as Redis has this epoch. */
  void openForWrites(String currentEpoch) {
    epoch = currentEpoch;
  }

  /** Rejects writes of requests until the next {@link #openForWrites}. */
  void closeForWrites() {
    epoch = null;
  }

  /** True while requests may write. */
  public boolean isOpen() {
    return epoch != null;
  }

  /**
   * Reads what requests may see: data of a Redis that held all of the log before and after.
   *
   * @param reading sends commands; their replies are awaited here
   * @throws RedisUnavailable if Redis does not hold all of the log, so that the data may be
   *     incomplete, or what they once were
   */
  public <T> T read(Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> reading) {
    // Read before the epoch: a link newer than the epoch could lead to another run of Redis.
    var commands = commands();
    @Nullable String expected = epoch;
    if (expected == null) {
      throw beingRebuilt();
    }
    var data = reading.apply(commands);
    // Sent after the reading commands on the same connection, and thus executed after them.
    var stored = commands.get(bytes(Keys.EPOCH));
    T result = await(data);
    byte @Nullable [] found = await(stored);
    if (found == null || !new String(found, UTF_8).equals(expected)) {
      throw beingRebuilt();
    }
    return result;
  }

  private static RedisUnavailable beingRebuilt() {
    return new RedisUnavailable("Redis is being rebuilt from the log", null);
  }

  /** Runs a script that returns a list. */
  public Reply runForList(Script script, List<String> keys, List<?> arguments) {
    return new Reply(await(send(script, ScriptOutputType.MULTI, keys, arguments)));
  }

  /** Runs a script that returns a text. */
  public String runForText(Script script, List<String> keys, List<?> arguments) {
    byte[] text = await(send(script, ScriptOutputType.VALUE, keys, arguments));
    return new String(text, UTF_8);
  }

  /** Runs a script that returns a number. */
  public long runForNumber(Script script, List<String> keys, List<?> arguments) {
    Long number = await(send(script, ScriptOutputType.INTEGER, keys, arguments));
    return number;
  }

  /** Runs a script for its effect. */
  public void run(Script script, List<String> keys, List<?> arguments) {
    Long _ = await(send(script, ScriptOutputType.INTEGER, keys, arguments));
  }

  /**
   * Sends a script.
   *
   * @throws RedisUnavailable if Redis is unavailable or not open
   */
  <T> CompletionStage<T> send(
      Script script, ScriptOutputType output, List<?> keys, List<?> arguments) {
    // Read before the epoch: a link newer than the epoch could lead to another run of Redis.
    RedisLink current = link();
    List<Object> all = new ArrayList<>(arguments);
    if (script.isGuarded()) {
      @Nullable String expected = epoch;
      if (expected == null) {
        throw new RedisUnavailable("Redis is not open for writes", null);
      }
      all.add(expected);
    }
    return current.requests().async().evalsha(script.digest(), output, bytes(keys), bytes(all));
  }

  /**
   * Buffers a run of a script on the projector's connection until {@link #flush}. Runs of one
   * caller take effect in the order of the calls.
   */
  public CompletableFuture<String> runBuffered(
      Script script, List<String> keys, List<?> arguments) {
    CompletionStage<byte[]> reply =
        link()
            .projection()
            .async()
            .evalsha(script.digest(), ScriptOutputType.VALUE, bytes(keys), bytes(arguments));
    return reply.thenApply(text -> new String(text, UTF_8)).toCompletableFuture();
  }

  /** Sends the buffered runs. */
  public void flush() {
    link().projection().flushCommands();
  }

  /** The commands of the connection that requests share. */
  public RedisAsyncCommands<byte[], byte[]> commands() {
    return link().requests().async();
  }

  private RedisLink link() {
    @Nullable RedisLink current = link;
    if (current == null) {
      throw new RedisUnavailable("There is no connection to Redis", null);
    }
    return current;
  }

  /**
   * Waits for a reply; the client ends a command that takes longer than the connection's timeout.
   *
   * @throws RedisUnavailable if no reply arrives in time, or Redis is unavailable or not open
   */
  public <T> T await(CompletionStage<T> reply) {
    try {
      return reply.toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw unavailable(cause(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisUnavailable("Interrupted while waiting for Redis", e);
    }
  }

  private RedisUnavailable unavailable(Throwable cause) {
    if (cause instanceof RedisUnavailable unavailable) {
      return unavailable;
    }
    if (cause instanceof RedisNoScriptException) {
      disconnect();
    } else if (cause instanceof RedisCommandExecutionException
        && String.valueOf(cause.getMessage()).startsWith("EPOCH")) {
      closeForWrites();
    }
    return RedisUnavailable.from(String.valueOf(cause.getMessage()), cause);
  }

  private static Throwable cause(Throwable failure) {
    boolean wrapper =
        failure instanceof CompletionException || failure instanceof ExecutionException;
    return wrapper && failure.getCause() != null ? failure.getCause() : failure;
  }

  /** A text as Redis takes it: UTF-8. */
  public static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static byte[][] bytes(List<?> all) {
    byte[][] bytes = new byte[all.size()][];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = all.get(i) instanceof byte[] raw ? raw : bytes(String.valueOf(all.get(i)));
    }
    return bytes;
  }

  /** A list that a script returned; its first part names the result, which defines the others. */
  public record Reply(List<Object> parts) {
    /** A reply that is one of many in a script's reply. */
    @SuppressWarnings("unchecked") // lists are lists of texts and lists
    static Reply of(Object part) {
      return new Reply((List<Object>) part);
    }

    /** The part at an index, as a text. */
    public String text(int index) {
      return new String(bytes(index), UTF_8);
    }

    /** True if the part at an index is the number 1. */
    public boolean isOne(int index) {
      return parts.get(index).equals(1L);
    }

    /** The part at an index. */
    public byte[] bytes(int index) {
      return (byte[]) parts.get(index);
    }
  }
}
