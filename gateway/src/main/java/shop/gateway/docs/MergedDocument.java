package shop.gateway.docs;

import java.util.List;
import org.jspecify.annotations.Nullable;
import shop.common.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One description of all APIs. A service's schemas are named after it, {@code order-service.Page},
 * so that names never clash and never change with what else is there; problems are common to all.
 */
final class MergedDocument {

  /** An extension that names the services that are left out, and why. */
  static final String LEFT_OUT = "x-left-out";

  private static final String SCHEMAS = "#/components/schemas/";
  private static final String PROBLEM = "Problem";

  private final ObjectNode document;

  /** Begins with the gateway's own description. */
  MergedDocument(JsonNode own) {
    this.document = (ObjectNode) own.deepCopy();
  }

  JsonNode with(List<ServiceDocument> services) {
    var leftOut = Json.MAPPER.createArrayNode();
    for (var service : services) {
      @Nullable JsonNode openApi = service.openApi();
      if (openApi == null) {
        leftOut.addObject().put("service", service.service()).put("reason", service.fault());
      } else {
        add(service.service(), openApi.deepCopy());
      }
    }
    if (!leftOut.isEmpty()) {
      document.set(LEFT_OUT, leftOut);
      var info = object(document, "info");
      info.put("description", info.path("description").asString("") + told(leftOut));
    }
    return document;
  }

  private void add(String service, JsonNode openApi) {
    if (openApi.path("paths").isEmpty()) {
      // A heading with nothing under it helps nobody.
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

  private static String told(ArrayNode leftOut) {
    var text = new StringBuilder("\n\n**Not all is here now.**");
    leftOut.forEach(one ->
        text.append(
            " %s: %s.".formatted(one.get("service").asString(), one.get("reason").asString())));
    return text.toString();
  }

  private static ObjectNode object(ObjectNode parent, String name) {
    return parent.get(name) instanceof ObjectNode there ? there : parent.putObject(name);
  }

  private static ArrayNode array(ObjectNode parent, String name) {
    return parent.get(name) instanceof ArrayNode there ? there : parent.putArray(name);
  }
}
