package shop.gateway.routing;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The signed cookies of one service: each names the instance that its client is bound to. Its value
 * is {@code name.expires.signature}: a keyed hash of the instance's id, seconds since 1970, and the
 * HMAC of service, name and time. Of the two keys, the first signs; a cookie of the second is still
 * read, so that a key can be replaced without moving a client.
 */
final class StickyCookie {

  /** How the names of all of these cookies begin. */
  static final String PREFIX = "shop-instance-";

  private static final int MAX_LENGTH = 128;
  private static final int PARTS = 3;

  private final String service;
  private final List<StickyKey> keys;
  private final Duration life;
  private final Clock clock;
  private volatile Map<String, String> idsByName = Map.of();

  StickyCookie(String service, StickySettings settings, Clock clock) {
    this.service = service;
    this.keys = settings.keys().stream().map(StickyKey::new).toList();
    this.life = settings.life();
    this.clock = clock;
  }

  /** The name of the cookie. */
  String name() {
    return PREFIX + service;
  }

  Duration life() {
    return life;
  }

  /** Replaces the instances that cookies may name. Not to be called by two threads at once. */
  void onDiscovered(Collection<String> ids) {
    if (Set.copyOf(idsByName.values()).equals(Set.copyOf(ids))) {
      return;
    }
    var after = new HashMap<String, String>();
    for (var id : ids) {
      keys.forEach(key -> after.put(key.nameOf(service, id), id));
    }
    idsByName = after;
  }

  /** The value for an instance. */
  String bindTo(String id) {
    var key = keys.getFirst();
    long expires = clock.instant().plus(life).getEpochSecond();
    var content = key.nameOf(service, id) + "." + expires;
    return content + "." + key.sign(service, content);
  }

  /** Whom a cookie binds to; null if it is forged, expired or of an instance that is gone. */
  @Nullable Binding read(String value) {
    if (value.length() > MAX_LENGTH) {
      return null;
    }
    var parts = value.split("\\.", PARTS);
    if (parts.length < PARTS) {
      return null;
    }
    var content = parts[0] + "." + parts[1];
    var signature = parts[2];
    for (int n = 0; n < keys.size(); n++) {
      if (keys.get(n).verifies(service, content, signature)) {
        return binding(parts[0], Long.parseLong(parts[1]), n == 0);
      }
    }
    return null;
  }

  private @Nullable Binding binding(String name, long expires, boolean current) {
    long left = expires - clock.instant().getEpochSecond();
    var id = idsByName.get(name);
    return left <= 0 || id == null ? null : new Binding(id, current && left > life.toSeconds() / 2);
  }

  /**
   * What a valid cookie says.
   *
   * @param instance its id
   * @param fresh false if the cookie is to be renewed: it is half expired or signed with the older
   *     key
   */
  record Binding(String instance, boolean fresh) {}
}
