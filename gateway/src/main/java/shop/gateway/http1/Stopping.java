package shop.gateway.http1;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Whether the gateway has begun to stop: it answers checks with 503 and still serves requests. */
@Component
final class Stopping {

  private volatile boolean begun;

  boolean begun() {
    return begun;
  }

  /** Spring Boot publishes it before anything is stopped. */
  @EventListener
  void on(AvailabilityChangeEvent<ReadinessState> event) {
    begun = event.getState() == ReadinessState.REFUSING_TRAFFIC;
  }
}
