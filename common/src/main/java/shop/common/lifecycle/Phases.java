package shop.common.lifecycle;

import org.springframework.context.SmartLifecycle;

/**
 * The phases of a service's start ({@link SmartLifecycle#getPhase}), lowest first. A part starts
 * after everything of a lower phase has started, and stops before it. Spring starts its listener
 * containers and the web server after all of these.
 */
public final class Phases {

  /** Checks and preparations without which nothing may start: credentials, keys, topics. */
  public static final int PRECONDITIONS = Integer.MIN_VALUE;

  /** Followers of topics that must be known as a whole; they need the topics. */
  public static final int FOLLOWERS = 0;

  /** What reads or writes through a follower, such as demo accounts. */
  public static final int AFTER_FOLLOWERS = 1;

  /** Supervision of stores; it runs before any consumer writes to a store. */
  public static final int STORES = 900;

  /** Consumers and Kafka Streams applications; they need followers and stores. */
  public static final int CONSUMERS = 1000;

  private Phases() {}
}
