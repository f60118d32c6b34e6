package shop.gateway.settings;

import shop.common.event.MalformedEvent;

/**
 * The data of {@code shop.gateway.cache-purged.v1}, whose key is {@code cache-purge}: each gateway
 * that runs removes these responses when it reads the record. One that starts later has none.
 *
 * @param path a path, or with {@code /**} at its end everything below it as well
 */
record CachePurged(String path) {

  static final String TYPE = "shop.gateway.cache-purged.v1";

  CachePurged {
    if (!path.startsWith("/")) {
      throw new MalformedEvent("The path does not begin with /: " + path);
    }
  }
}
