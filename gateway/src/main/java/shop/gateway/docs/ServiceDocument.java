package shop.gateway.docs;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a service describes its API, or why it does not now.
 *
 * @param service its name
 * @param openApi what it says; null if it says nothing
 * @param fault why it says nothing; null if it does
 */
record ServiceDocument(String service, @Nullable JsonNode openApi, @Nullable String fault) {

  static ServiceDocument of(String service, JsonNode openApi) {
    return new ServiceDocument(service, openApi, null);
  }

  static ServiceDocument away(String service, String fault) {
    return new ServiceDocument(service, null, fault);
  }
}
