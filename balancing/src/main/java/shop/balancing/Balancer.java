package shop.balancing;

import org.jspecify.annotations.Nullable;

/**
 * Chooses an endpoint for each call, from candidates that are given when it is made. Thread-safe; a
 * choice does not allocate.
 */
@FunctionalInterface
public interface Balancer {
  /**
   * Chooses an endpoint that the call has not tried yet.
   *
   * @return null if there is none
   */
  @Nullable Endpoint pick(Call call);
}
