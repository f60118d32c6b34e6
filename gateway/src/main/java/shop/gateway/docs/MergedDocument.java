package shop.gateway.docs;

import java.util.List;
import org.jspecify.annotations.Nullable;
import shop.common.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Merges OpenAPI documents into one. The service's name prefixes each of its schemas ({@code
 * order-service.Page}), so that names never clash and do not depend on which other services are
 * present. All services share the schema {@code Problem}.
 */
final class MergedDocument {

  /** An OpenAPI extension that lists the services that are left out, each with the reason. */
  static final String LEFT_OUT = "x-left-out";

  private static final String SCHEMAS = "#/components/schemas/";
  private static final String PROBLEM = "Problem";

  private final ObjectNode document;

  /** Starts with the gateway's own document. */
  MergedDocument(JsonNode own) {
    this.document = (ObjectNode) own.deepCopy();
  }

  JsonNode with(List<ServiceDocument> services) {
    var leftOut = Json.MAPPER.createArrayNode();
    for (var service : services) {
      @Nullable JsonNode openApi = service.openApi();
      if (openApi == null) {
        leftOut.addObject().put("service", service.service()).put("reason", service.reason());
      } else {
        add(service.service(), openApi.deepCopy());
      }
    }
    if (!leftOut.isEmpty()) {
      document.set(LEFT_OUT, leftOut);
      var info = object(document, "info");
      info.put("description", info.path("description").asString("") + notice(leftOut));
    }
    return document;
  }

  private void add(String service, JsonNode openApi) {
    if (openApi.path("paths").isEmpty()) {
      // A service without paths would only add an empty heading.
      return;
    }
    renameReferences(service, openApi);
    var schemas = object(object(document, "components"), "schemas");
    openApi
        .path("components")
        .path("schemas")
        .properties()
        .forEach(schema -> schemas.set(rename(service, schema.getKey()), schema.getValue()));
    var examples = object(object(document, "components"), "examples");
    openApi
        .path("components")
        .path("examples")
        .properties()
        .forEach(example -> examples.set(example.getKey(), example.getValue()));
    var paths = object(document, "paths");
    openApi
        .path("paths")
        .properties()
        .forEach(path -> object(paths, path.getKey()).setAll((ObjectNode) path.getValue()));
    openApi.path("tags").forEach(array(document, "tags")::add);
  }

  private static void renameReferences(String service, JsonNode node) {
    if (node instanceof ObjectNode object) {
      String reference = object.path("$ref").asString("");
      if (reference.startsWith(SCHEMAS)) {
        object.put("$ref", SCHEMAS + rename(service, reference.substring(SCHEMAS.length())));
      }
    }
    node.forEach(child -> renameReferences(service, child));
  }

  private static String rename(String service, String schema) {
    return schema.equals(PROBLEM) ? schema : service + "." + schema;
  }

  private static String notice(ArrayNode leftOut) {
    var text = new StringBuilder("\n\n**Some services are missing from this document.**");
    leftOut.forEach(entry ->
        text.append(
            " %s: %s.".formatted(entry.get("service").asString(), entry.get("reason").asString())));
    return text.toString();
  }

  private static ObjectNode object(ObjectNode parent, String name) {
    return parent.get(name) instanceof ObjectNode existing ? existing : parent.putObject(name);
  }

  private static ArrayNode array(ObjectNode parent, String name) {
    return parent.get(name) instanceof ArrayNode existing ? existing : parent.putArray(name);
  }
}
