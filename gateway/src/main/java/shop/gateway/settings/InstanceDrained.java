package shop.gateway.settings;

import java.time.Instant;
import java.util.Objects;

/**
 * The data of {@code shop.gateway.instance-drained.v1}. Its key is {@code drain:<instance id>}; a
 * record without a value ends the drain.
 *
 * @param deadline until when clients that are bound to the instance may use it
 */
record InstanceDrained(Instant deadline) {

  static final String TYPE = "shop.gateway.instance-drained.v1";

  InstanceDrained {
    Objects.requireNonNull(deadline, "deadline");
  }
}
