package shop.order.redis;

import io.lettuce.core.ScriptOutputType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to Redis in batches: while one run of the script is in progress, further requests
 * wait for the next run, which takes all of them. A single request does not wait.
 */
public final class ScriptBatcher {

  /** Requests of one run; Redis executes nothing else during it. */
  private static final int MAX_BATCH = 32;

  private static final String FAILED = "FAILED";

  private final Redis redis;
  private final Script script;
  private final List<String> keys;
  private final List<?> arguments;
  private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean running = new AtomicBoolean();

  /**
   * Creates a batcher without requests.
   *
   * @param script returns a list for each request, in their order; {@code FAILED} and the reason if
   *     it could not execute that one
   * @param keys those before the requests' own
   * @param arguments those before the requests' own
   */
  public ScriptBatcher(Redis redis, Script script, List<String> keys, List<?> arguments) {
    this.redis = redis;
    this.script = script;
    this.keys = keys;
    this.arguments = arguments;
  }

  @SuppressWarnings("ArrayRecordComponent") // bytes are bytes; nothing compares them
  private record Request(byte[][] keys, byte[][] arguments, CompletableFuture<Redis.Reply> reply) {}

  /**
   * Executes a request, together with those of other threads.
   *
   * @throws RedisUnavailable if no reply arrives in time, or Redis is unavailable or not open, or
   *     the data in Redis is not what the script expects
   */
  public Redis.Reply execute(List<String> keys, List<?> arguments) {
    var request = new Request(Redis.bytes(keys), Redis.bytes(arguments), new CompletableFuture<>());
    waiting.add(request);
    send();
    var reply = redis.await(request.reply);
    if (reply.text(0).equals(FAILED)) {
      throw RedisUnavailable.from(reply.text(1), null);
    }
    return reply;
  }

  @SuppressWarnings("ThreadPriorityCheck") // correct without the yield, only with more runs
  private void send() {
    while (!waiting.isEmpty() && running.compareAndSet(false, true)) {
      // Threads that are about to add a request join this run.
      Thread.yield();
      var requests = poll(MAX_BATCH);
      try {
        var _ =
            redis
                .<List<Object>>send(
                    script,
                    ScriptOutputType.MULTI,
                    with(keys, requests, Request::keys),
                    with(arguments, requests, Request::arguments))
                .thenAccept(replies -> complete(requests, replies))
                .whenComplete((_, failure) -> {
                  if (failure != null) {
                    fail(requests, failure);
                  }
                  running.set(false);
                  send();
                });
      } catch (RuntimeException e) {
        fail(requests, e);
        running.set(false);
      }
    }
  }

  private List<Request> poll(int limit) {
    List<Request> requests = new ArrayList<>();
    while (requests.size() < limit) {
      @Nullable Request request = waiting.poll();
      if (request == null) {
        break;
      }
      requests.add(request);
    }
    return requests;
  }

  private static List<Object> with(
      List<?> shared, List<Request> requests, Function<Request, byte[][]> own) {
    List<Object> all = new ArrayList<>(shared);
    requests.forEach(request -> Collections.addAll(all, (Object[]) own.apply(request)));
    return all;
  }

  private void complete(List<Request> requests, List<Object> replies) {
    if (replies.size() != requests.size()) {
      throw new IllegalStateException(
          "%s returned %d replies to %d requests"
              .formatted(script, replies.size(), requests.size()));
    }
    for (int i = 0; i < replies.size(); i++) {
      requests.get(i).reply.complete(Redis.Reply.of(replies.get(i)));
    }
  }

  /**
   * Fails the requests of a run and those that wait: the next run would fail as well, and they have
   * waited for this one already.
   */
  private void fail(List<Request> requests, Throwable failure) {
    requests.addAll(poll(Integer.MAX_VALUE));
    requests.forEach(request -> request.reply.completeExceptionally(failure));
  }
}
