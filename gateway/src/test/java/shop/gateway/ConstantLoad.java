package shop.gateway;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that send one request after the other until they are stopped: GET, POST with an
 * Idempotency-Key and POST without one.
 */
final class ConstantLoad implements AutoCloseable {

  enum Kind {
    GET,
    KEYED_POST,
    PLAIN_POST
  }

  /** A request that was not answered with 200. */
  record Failure(Kind kind, int status, String body) {}

  private final Gateway gateway;
  private final String[] bearer;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
  private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
  private final AtomicInteger finished = new AtomicInteger();
  private final List<Thread> clients;

  ConstantLoad(Gateway gateway, String[] bearer, int clients) {
    this.gateway = gateway;
    this.bearer = bearer;
    this.clients =
        java.util.stream.IntStream.range(0, clients)
            .mapToObj(number -> Thread.ofVirtual().start(() -> send(new Random(number))))
            .toList();
  }

  private void send(Random random) {
    while (!stopped.get()) {
      var kind = Kind.values()[random.nextInt(Kind.values().length)];
      try {
        var response =
            switch (kind) {
              case GET -> gateway.get("/orders/" + random.nextInt(), bearer);
              case PLAIN_POST -> gateway.post("/orders", "{}", bearer);
              case KEYED_POST ->
                  gateway.post(
                      "/orders",
                      "{}",
                      bearer[0],
                      bearer[1],
                      "Idempotency-Key",
                      UUID.randomUUID().toString());
            };
        if (response.statusCode() == 200) {
          count(response.body());
        } else {
          failures.add(new Failure(kind, response.statusCode(), response.body()));
        }
      } catch (RuntimeException e) {
        failures.add(new Failure(kind, 0, e.toString()));
      }
      finished.incrementAndGet();
    }
  }

  private void count(String instance) {
    answers.computeIfAbsent(instance, _ -> new AtomicInteger()).incrementAndGet();
  }

  /** How many requests an instance has answered. */
  int answersOf(int port) {
    var count = answers.get(Integer.toString(port));
    return count == null ? 0 : count.get();
  }

  /** How many requests have ended. */
  int finished() {
    return finished.get();
  }

  /** The requests that have failed so far. */
  Collection<Failure> failures() {
    return List.copyOf(failures);
  }

  /** Stops the clients and waits for what they have sent. */
  @Override
  public void close() {
    stopped.set(true);
    for (var client : clients) {
      try {
        client.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
