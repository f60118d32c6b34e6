package shop.gateway.discovery;

import java.util.List;
import reactor.core.publisher.Flux;
import shop.balancing.Instance;

/** Reports the instances of one service. */
@FunctionalInterface
public interface InstanceSource {

  /**
   * All instances that there are, again whenever they change. Begins with what is known at once,
   * which may be none, and never ends with an error: while they cannot be found out, the last ones
   * stay.
   */
  Flux<List<Instance>> instances();
}
