package shop.common.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import shop.common.json.Json;
import shop.common.testkit.RawHttp.Response;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends requests with hostile values to every operation of a service's OpenAPI document, and checks
 * that each response has a declared status, which is no server error, and a body that the schema of
 * this status allows. The same seed sends the same requests.
 */
public final class OpenApiFuzz {

  /** The document that the service serves, of the module whose tests run. */
  private static final Path DOCUMENT = Path.of("src/main/resources/openapi.json");

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "0x10",
          "-1",
          "0",
          "9223372036854775808",
          "1.0",
          "true",
          "*",
          "\"1\"",
          "W/\"1\", \"2\"",
          "2026-01-31T09:30:00Z",
          "+1000000000-01-01T00:00:00Z",
          "00000000-0000-0000-0000-000000000001",
          "\u0000",
          "\u202e\ud83d\ude00",
          "../../etc/passwd",
          "x".repeat(600));

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "-1",
          "0",
          "1.0",
          "1e400",
          "9223372036854775808",
          "\"\"",
          "\" \"",
          "\"\\u0000\"",
          "\"\\ud83d\"",
          "\"\u202e\"",
          "\"" + "x".repeat(3000) + "\"",
          "[]",
          "{}",
          "[null]",
          "{\"amount\":1}");

  private final JsonNode document;
  private final int port;
  private final String token;
  private final Random random;

  private OpenApiFuzz(int port, String token, long seed) throws IOException {
    this.document = Json.MAPPER.readTree(Files.readAllBytes(DOCUMENT));
    this.port = port;
    this.token = token;
    this.random = new Random(seed);
  }

  /**
   * Sends requests to every operation of the service's document.
   *
   * @param token of a caller who may call all of them
   * @param requests to each operation
   * @param except ids of operations that are left out
   */
  public static void run(int port, String token, long seed, int requests, Set<String> except)
      throws IOException {
    var fuzz = new OpenApiFuzz(port, token, seed);
    for (var path : fuzz.document.get("paths").properties()) {
      for (var method : path.getValue().properties()) {
        if (!except.contains(method.getValue().get("operationId").asString())) {
          for (int i = 0; i < requests; i++) {
            fuzz.call(method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue());
          }
        }
      }
    }
  }

  private void call(String method, String path, JsonNode operation) throws IOException {
    byte[] body = operation.has("requestBody") ? body(operation) : new byte[0];
    String head = head(method, path, operation, body);
    Response response = RawHttp.send(port, head, body);

    String call = head.replaceAll("Bearer [^\n]*", "Bearer …") + new String(body, UTF_8);
    var declared = operation.get("responses").get(Integer.toString(response.status()));
    assertThat(response.status()).as("%s\n%s", call, response.text()).isLessThan(500);
    assertThat(declared)
        .as("%d is declared for\n%s\n%s", response.status(), call, response.text())
        .isNotNull();
    String type = response.header("Content-Type").orElse("").replaceFirst(";.*", "");
    if (!response.text().isEmpty()) {
      var content = declared.path("content").path(type);
      assertThat(content.isMissingNode()).as("%s is declared for\n%s", type, call).isFalse();
      assertThat(errors(content.get("schema"), response))
          .as("%s\n%s", call, response.text())
          .isEmpty();
    }
  }

  private List<String> errors(JsonNode schema, Response response) {
    var whole = (ObjectNode) schema.deepCopy();
    whole.set("components", document.get("components"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(whole.toString(), InputFormat.JSON)
        .validate(response.text(), InputFormat.JSON)
        .stream()
        .map(Object::toString)
        .toList();
  }

  private String head(String method, String path, JsonNode operation, byte[] body) {
    String url = path;
    List<String> query = new ArrayList<>();
    List<String> headers = new ArrayList<>();
    for (var parameter : operation.path("parameters")) {
      String name = parameter.get("name").asString();
      boolean required = parameter.path("required").asBoolean(false);
      switch (parameter.get("in").asString()) {
        case "path" -> url = url.replace("{" + name + "}", segment());
        case "query" -> {
          if (random.nextInt(3) == 0) {
            query.add(name + "=" + value());
          }
        }
        case "header" -> {
          if (random.nextInt(4) > 0 || required) {
            int lines = random.nextInt(12) == 0 ? 2 : 1;
            for (int i = 0; i < lines; i++) {
              headers.add(name + ": " + header(name));
            }
          }
        }
        default -> throw new IllegalStateException("Unknown place of the parameter " + name);
      }
    }
    if (random.nextInt(12) == 0) {
      query.add("unknown=1");
    }
    if (operation.has("requestBody")) {
      headers.add(
          "Content-Type: "
              + pick(
                  List.of(
                      "application/json",
                      "application/json",
                      "application/json",
                      "application/json;charset=UTF-8",
                      "text/plain",
                      "application/json;charset=utf-16")));
    }
    if (random.nextInt(6) == 0) {
      headers.add(
          "Accept: "
              + pick(List.of("text/html", "*/*", "application/json;charset=utf-16", "nonsense")));
    }
    headers.add("Content-Length: " + body.length);
    return method
        + " "
        + url
        + (query.isEmpty() ? "" : "?" + String.join("&", query))
        + " HTTP/1.1\nHost: localhost\nAuthorization: Bearer "
        + token
        + "\n"
        + String.join("\n", headers)
        + "\n\n";
  }

  private String segment() {
    return pick(
        List.of(
            UUID.nameUUIDFromBytes(new byte[] {(byte) random.nextInt(4)}).toString(),
            "x",
            "%E2%82%AC",
            "%20",
            "FUZZ-1",
            "X".repeat(100)));
  }

  /** A percent-encoded value, sometimes one that is not UTF-8. */
  private String value() {
    return random.nextInt(8) == 0
        ? pick(List.of("%FF", "%C0%AF", "%ED%A0%80"))
        : URLEncoder.encode(pick(TEXTS), UTF_8);
  }

  private String header(String name) {
    if (name.equals("Idempotency-Key") && random.nextInt(3) > 0) {
      return new UUID(random.nextLong(), random.nextLong()).toString();
    }
    return pick(TEXTS).replaceAll("[^\\x20-\\x7e]", "?");
  }

  /** The example of the operation with values replaced, or bytes that are no JSON at all. */
  private byte[] body(JsonNode operation) {
    var content = operation.get("requestBody").get("content").get("application/json");
    var example = content.path("example").deepCopy();
    if (example instanceof ObjectNode object) {
      for (int i = random.nextInt(3); i > 0; i--) {
        mutate(object);
      }
    }
    String text = example.isMissingNode() ? "{}" : example.toString();
    return switch (random.nextInt(12)) {
      case 0 -> text.replaceFirst("\"", "\"\u00ff").getBytes(ISO_8859_1);
      case 1 -> text.substring(0, text.length() / 2).getBytes(UTF_8);
      case 2 -> text.replaceFirst("\\{", "{\"reason\":\"a\",\"reason\":\"b\",").getBytes(UTF_8);
      case 3 -> pick(VALUES).getBytes(UTF_8);
      case 4 -> text.replaceFirst(":\"", ":\"\\\\ud83d").getBytes(UTF_8);
      default -> text.getBytes(UTF_8);
    };
  }

  private void mutate(JsonNode node) {
    if (node instanceof ObjectNode object && !object.isEmpty()) {
      String name = pick(List.copyOf(object.propertyNames()));
      if (object.get(name).isContainer() && random.nextInt(3) > 0) {
        mutate(object.get(name));
      } else if (random.nextInt(4) == 0) {
        object.remove(name);
      } else {
        object.set(name, hostile());
      }
    } else if (node instanceof ArrayNode array && !array.isEmpty()) {
      mutate(array.get(0));
    }
  }

  /** A value that can be serialized; half a surrogate pair cannot. */
  private JsonNode hostile() {
    return Json.MAPPER.readTree(pick(VALUES).replace("\\ud83d", "\\u0001"));
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
