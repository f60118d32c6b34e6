package shop.order.store;

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
 * Requests that go to Redis together: while one run of the script is under way, those who come wait
 * for the next, which takes all of them. Whoever comes alone waits for nobody.
 */
final class ScriptBatcher {

  /** In one run, for Redis does nothing else meanwhile. */
  private static final int MOST = 32;

  private static final String FAILED = "FAILED";

  private final Redis redis;
  private final Script script;
  private final List<String> keys;
  private final List<?> arguments;
  private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean underWay = new AtomicBoolean();

  /**
   * Nobody yet.
   *
   * @param script answers a list for each request, in their order; {@code FAILED} and why if it
   *     could not serve that one
   * @param keys those before the requests' own
   * @param arguments those before the requests' own
   */
  ScriptBatcher(Redis redis, Script script, List<String> keys, List<?> arguments) {
    this.redis = redis;
    this.script = script;
    this.keys = keys;
    this.arguments = arguments;
  }

  @SuppressWarnings("ArrayRecordComponent") // bytes are bytes; nothing compares them
  private record Request(
      byte[][] keys, byte[][] arguments, CompletableFuture<Redis.Answer> answer) {}

  /**
   * Asks together with others.
   *
   * @throws RedisUnavailable if there is no answer in time, or Redis is away or not open, or what
   *     it holds is not what the script expects
   */
  Redis.Answer ask(List<String> keys, List<?> arguments) {
    var request = new Request(Redis.bytes(keys), Redis.bytes(arguments), new CompletableFuture<>());
    waiting.add(request);
    send();
    var answer = redis.await(request.answer);
    if (answer.text(0).equals(FAILED)) {
      throw new RedisUnavailable(Redis.said(answer.text(1)), null);
    }
    return answer;
  }

  @SuppressWarnings("ThreadPriorityCheck") // all is right without the yield, only dearer
  private void send() {
    while (!waiting.isEmpty() && underWay.compareAndSet(false, true)) {
      // Who is about to ask may come along.
      Thread.yield();
      var requests = take(MOST);
      try {
        var _ =
            redis
                .<List<Object>>send(
                    script,
                    ScriptOutputType.MULTI,
                    with(keys, requests, Request::keys),
                    with(arguments, requests, Request::arguments))
                .thenAccept(answers -> tell(requests, answers))
                .whenComplete((_, failure) -> {
                  if (failure != null) {
                    fail(requests, failure);
                  }
                  underWay.set(false);
                  send();
                });
      } catch (RuntimeException e) {
        fail(requests, e);
        underWay.set(false);
      }
    }
  }

  private List<Request> take(int most) {
    List<Request> requests = new ArrayList<>();
    while (requests.size() < most) {
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

  private void tell(List<Request> requests, List<Object> answers) {
    if (answers.size() != requests.size()) {
      throw new IllegalStateException(script + " did not answer all requests");
    }
    for (int i = 0; i < answers.size(); i++) {
      requests.get(i).answer.complete(Redis.Answer.of(answers.get(i)));
    }
  }

  /** Those who wait fail, too: they would meet the same, and have waited for this run already. */
  private void fail(List<Request> requests, Throwable failure) {
    requests.addAll(take(Integer.MAX_VALUE));
    requests.forEach(request -> request.answer.completeExceptionally(failure));
  }
}
