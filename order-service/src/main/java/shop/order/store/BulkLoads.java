package shop.order.store;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import shop.order.redis.Keys;
import shop.order.redis.Redis;
import shop.order.redis.Script;

/** Loads of an empty Redis. Only one instance loads at a time; see docs/decisions/0054. */
@Component
public class BulkLoads {

  private final Redis redis;

  BulkLoads(Redis redis) {
    this.redis = redis;
  }

  /**
   * Begins a load and removes what an earlier one has left that broke off.
   *
   * @param mark of the Redis that is to be loaded
   * @return empty if Redis has another mark by now, is loaded, or another instance is loading it
   */
  public Optional<BulkLoad> begin(String mark) {
    String id = UUID.randomUUID().toString();
    String reply =
        redis.runForText(
            Script.BEGIN_LOAD,
            List.of(Keys.OPENING, Keys.POSITIONS, Keys.LOADER),
            List.of(mark, id, BulkLoad.LEASE.toMillis()));
    return reply.equals("BEGUN") ? Optional.of(new BulkLoad(redis, id)) : Optional.empty();
  }
}
