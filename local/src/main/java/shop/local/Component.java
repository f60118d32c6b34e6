package shop.local;

import java.util.List;

/** A broker or an instance of a service, as the {@link Supervisor} sees it. */
interface Component {
  String name();

  /** The ports it listens on, in ascending order. */
  List<Integer> ports();

  boolean alive();

  /**
   * Starts it and returns when it is ready.
   *
   * @throws shop.local.os.LaunchException if it exits or is not ready in time
   */
  void start();

  /** The last lines of its log, for a message. */
  String logTail(int lines);
}
