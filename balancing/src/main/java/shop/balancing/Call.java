package shop.balancing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a choice may depend on. Used by one thread at a time. */
public final class Call {
  private final long hash;
  private final @Nullable String stickyInstance;
  private final Locality client;
  private final List<String> tried = new ArrayList<>(0);

  /**
   * A call that has tried no instance.
   *
   * @param hash of what calls are kept together by: the client's address, the session, a header
   * @param stickyInstance the instance that the client was bound to before, null if to none
   * @param client where the client is
   */
  public Call(long hash, @Nullable String stickyInstance, Locality client) {
    this.hash = hash;
    this.stickyInstance = stickyInstance;
    this.client = client;
  }

  /** A call by a client at an unknown place, bound to no instance. */
  public Call(long hash) {
    this(hash, null, Locality.UNKNOWN);
  }

  public long hash() {
    return hash;
  }

  public @Nullable String stickyInstance() {
    return stickyInstance;
  }

  public Locality client() {
    return client;
  }

  /** Excludes an instance from later choices of this call. */
  public void exclude(Instance instance) {
    tried.add(instance.id());
  }

  /** How many instances are excluded. */
  public int tries() {
    return tried.size();
  }

  public boolean hasTried(Endpoint endpoint) {
    return !tried.isEmpty() && tried.contains(endpoint.instance().id());
  }
}
