package shop.gateway.docs;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The OpenAPI document of a service, or the reason why it is missing.
 *
 * @param service name of the service
 * @param openApi its document; null if it is missing
 * @param reason why the document is missing; null if it is present
 */
record ServiceDocument(String service, @Nullable JsonNode openApi, @Nullable String reason) {

  static ServiceDocument of(String service, JsonNode openApi) {
    return new ServiceDocument(service, openApi, null);
  }

  static ServiceDocument unavailable(String service, String reason) {
    return new ServiceDocument(service, null, reason);
  }
}
