package shop.common.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import shop.common.testkit.Contracts;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code docs/asyncapi.json} is generated from the contracts and lists every event. */
class AsyncApiTest {

  private static final Path FILE = Path.of("../docs/asyncapi.json");
  private static final Path FOLDER = Path.of("src/main/resources/contracts");
  private static final String SCHEMA = ".schema.json";

  private static final Map<String, String> KEYS =
      Map.of(
          "order-commands", "order id",
          "orders", "order id",
          "payments", "order id",
          "catalog", "sku",
          "accounts", "account id",
          "revocations", "session or account id",
          "gateway-settings",
              "service:<name>, or drain:<instance id>; no value ends it; or cache-purge",
          "notifications", "order id",
          "traffic", "none",
          "dead-letter-actions", "entry id");

  @Test
  void theDocumentListsEveryEventOfTheContracts() throws IOException {
    String generated =
        JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(document())
            + "\n";
    if (Boolean.getBoolean("asyncapi.write")) {
      Files.writeString(FILE, generated);
    }

    assertThat(FILE)
        .as("Regenerate it: mvn -pl common test -Dtest=AsyncApiTest -Dasyncapi.write=true")
        .hasContent(generated);
  }

  private static Map<String, Object> document() throws IOException {
    Map<String, Map<String, Object>> messagesByTopic = new TreeMap<>();
    Map<String, Object> messages = new TreeMap<>();
    for (var type : types()) {
      var schema = Contracts.schema(type);
      messages.put(type, message(type, schema));
      messagesByTopic
          .computeIfAbsent(schema.get("x-topic").asString(), _ -> new TreeMap<>())
          .put(type, ref("#/components/messages/" + type));
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("asyncapi", "3.0.0");
    document.put(
        "info",
        new TreeMap<>(
            Map.of(
                "title", "Events of the order platform",
                "version", "1",
                "description",
                    "CloudEvents 1.0 in Kafka's binary content mode: attributes in ce_ headers, data as JSON.")));
    document.put("defaultContentType", "application/json");
    document.put("channels", channels(messagesByTopic));
    var components = new LinkedHashMap<String, Object>();
    components.put("messages", messages);
    components.put("schemas", Map.of("cloudEvent", cloudEvent()));
    document.put("components", components);
    return new TreeMap<>(document);
  }

  private static Map<String, Object> channels(Map<String, Map<String, Object>> messagesByTopic) {
    Map<String, Object> channels = new TreeMap<>();
    messagesByTopic.forEach((topic, messages) -> {
      Map<String, Object> channel = new TreeMap<>();
      channel.put("address", topic);
      channel.put("description", "Key: " + KEYS.get(topic));
      channel.put("messages", messages);
      channels.put(topic, channel);
    });
    return channels;
  }

  private static Map<String, Object> message(String type, JsonNode contract) {
    Map<String, Object> message = new TreeMap<>();
    message.put("name", type);
    message.put("summary", contract.get("description").asString());
    message.put("headers", headers(contract));
    Map<String, Object> payload = new TreeMap<>();
    payload.put("schemaFormat", "application/schema+json;version=draft-2020-12");
    payload.put("schema", ref("../common/" + FOLDER + "/" + type + SCHEMA));
    message.put("payload", payload);
    return message;
  }

  /** The headers of all events, and those that the contract adds. */
  private static Map<String, Object> headers(JsonNode contract) {
    var ofAll = ref("#/components/schemas/cloudEvent");
    return contract.has("x-headers")
        ? Map.of("allOf", List.of(ofAll, Map.of("properties", contract.get("x-headers"))))
        : ofAll;
  }

  private static Map<String, Object> cloudEvent() {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (var name :
        List.of("ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time")) {
      properties.put(name, Map.of("type", "string"));
    }
    properties.put("ce_sequence", Map.of("type", "string", "pattern", "^[1-9][0-9]*$"));
    properties.put("traceparent", Map.of("type", "string"));
    Map<String, Object> schema = new TreeMap<>();
    schema.put("type", "object");
    schema.put(
        "required",
        List.of("ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time"));
    schema.put("properties", sorted(properties));
    return schema;
  }

  /** Sorts the inner maps, too: the iteration order of {@code Map.of} is not defined. */
  private static Map<String, Object> sorted(Map<String, Object> properties) {
    Map<String, Object> all = new TreeMap<>();
    properties.forEach((name, value) -> all.put(name, new TreeMap<>((Map<?, ?>) value)));
    return all;
  }

  private static Map<String, Object> ref(String target) {
    return Map.of("$ref", target);
  }

  private static List<String> types() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SCHEMA))
          .map(name -> name.substring(0, name.length() - SCHEMA.length()))
          .sorted()
          .toList();
    }
  }
}
