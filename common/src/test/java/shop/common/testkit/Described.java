package shop.common.testkit;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import shop.common.json.Json;
import shop.common.problem.ProblemType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A generated description with the words, examples and problems that code does not tell. */
final class Described {

  private static final Map<String, ProblemType> TYPES =
      ProblemType.all().stream().collect(Collectors.toMap(ProblemType::type, Function.identity()));

  private static final Map<String, String> HEADERS =
      Map.of(
          "Idempotency-Key",
              "Names this request: 16 to 255 visible characters, best a fresh UUID. The same key never does a thing twice.",
          "If-Match", "The ETag of what is changed, as a GET gave it.",
          "If-None-Match", "* for what must not exist yet.",
          "Last-Event-ID",
              "The id of the last event that was received; the stream goes on after it.",
          "Location", "Where what was made or changed can be read.",
          "ETag", "The version, for If-Match and If-None-Match.",
          "Idempotent-Replayed", "true if an earlier request with this key did it.",
          "Link", "rel=\"next\": the next page.",
          "Retry-After", "Seconds after which the same request may be repeated.");

  private static final String MAP_OF_ALL = "MultiValueMap";
  private static final String SCHEMAS = "#/components/schemas/";

  private final ObjectNode document;
  private final JsonNode words;
  private final Set<ProblemType> used = new TreeSet<>(Comparator.comparing(ProblemType::type));

  Described(JsonNode generated, JsonNode words) {
    this.document = (ObjectNode) generated.deepCopy();
    this.words = words;
  }

  JsonNode as(String title) {
    nameSchemas();
    document
        .putObject("info")
        .put("title", title)
        .put("version", "1")
        .put("description", words.path("description").asString());
    document.putArray("servers").addObject().put("url", "/");
    document.putArray("tags").addObject().put("name", title);
    for (var path : document.path("paths").properties()) {
      for (var method : path.getValue().properties()) {
        describe(title, (ObjectNode) method.getValue());
      }
    }
    components();
    return document;
  }

  /** By the class without its package: two controllers may each have a record Page. */
  private void nameSchemas() {
    var named = Json.MAPPER.createObjectNode();
    if (document.path("components").path("schemas") instanceof ObjectNode all) {
      all.properties().removeIf(schema -> schema.getKey().contains(MAP_OF_ALL));
    }
    document
        .path("components")
        .path("schemas")
        .properties()
        .forEach(schema -> {
          if (named.has(plain(schema.getKey()))) {
            throw new IllegalStateException("Two classes have the name " + plain(schema.getKey()));
          }
          named.set(plain(schema.getKey()), schema.getValue());
        });
    if (!named.isEmpty()) {
      ((ObjectNode) document.get("components")).set("schemas", named);
    }
    nameReferences(document);
  }

  private static void nameReferences(JsonNode node) {
    if (node instanceof ObjectNode object) {
      String reference = object.path("$ref").asString("");
      if (reference.startsWith(SCHEMAS)) {
        object.put("$ref", SCHEMAS + plain(reference.substring(SCHEMAS.length())));
      }
    }
    node.forEach(Described::nameReferences);
  }

  private static String plain(String qualified) {
    return qualified
        .replace('$', '.')
        .replaceFirst("^(?:[a-z0-9_]+\\.)+", "")
        .replaceFirst("Controller\\.", ".");
  }

  private void describe(String title, ObjectNode operation) {
    String id = operation.path("operationId").asString();
    var said = words.path("operations").path(id);
    if (said.isMissingNode()) {
      throw new IllegalStateException("Say in src/main/openapi.json what " + id + " is for");
    }
    operation.putArray("tags").add(title);
    operation.put("summary", said.path("summary").asString());
    if (said.has("description")) {
      operation.set("description", said.get("description"));
    }
    boolean open = said.path("anyone").asBoolean(false);
    if (open) {
      operation.putArray("security");
    } else {
      operation.putArray("security").addObject().putArray("bearer");
    }
    if (operation.get("parameters") instanceof ArrayNode generated) {
      generated.removeIf(Described::isMapOfAll);
    }
    said.path("query")
        .properties()
        .forEach(query -> {
          var parameters =
              operation.has("parameters")
                  ? (ArrayNode) operation.get("parameters")
                  : operation.putArray("parameters");
          var parameter = parameters.addObject();
          parameter.put("name", query.getKey()).put("in", "query").put("required", false);
          parameter.set("description", query.getValue());
          parameter.putObject("schema").put("type", "string");
        });
    operation.path("parameters").forEach(parameter -> describe((ObjectNode) parameter));
    if (operation.has("requestBody") && said.has("request")) {
      var content = operation.get("requestBody").get("content");
      content.forEach(kind -> ((ObjectNode) kind).set("example", said.get("request")));
    }
    responses(operation, said, open);
  }

  /** A controller that takes all parameters as a map; the words name them one by one. */
  private static boolean isMapOfAll(JsonNode parameter) {
    return parameter.path("schema").path("$ref").asString("").contains(MAP_OF_ALL);
  }

  private static void describe(ObjectNode parameter) {
    String name = parameter.path("name").asString();
    if (parameter.path("in").asString().equals("header") && HEADERS.containsKey(name)) {
      parameter.put("description", HEADERS.get(name));
      if (name.equals("Idempotency-Key")) {
        parameter.put("required", true);
        parameter.put("example", "3f0c5a54-8f0e-4c5b-9d2b-6f1f0b8f7c11");
        var schema = (ObjectNode) parameter.get("schema");
        schema.put("minLength", 16).put("maxLength", 255);
      }
    }
  }

  private void responses(ObjectNode operation, JsonNode said, boolean open) {
    ObjectNode success = success(operation, said);
    int status = said.path("status").asInt(200);
    var responses = operation.putObject("responses");
    responses.set(Integer.toString(status), success);
    if (said.path("created").asBoolean(false)) {
      var created = success.deepCopy();
      created.put("description", HttpStatus.CREATED.getReasonPhrase());
      header(created, "Location");
      responses.set("201", created);
    }
    Set<String> types = new LinkedHashSet<>();
    said.path("problems").forEach(type -> types.add(type.asString()));
    types.add("malformed-request");
    types.add("internal");
    types.add("unavailable");
    if (!open) {
      types.add("unauthorized");
    }
    if (said.path("admin").asBoolean(false)) {
      types.add("forbidden");
    }
    if (operation.has("requestBody")) {
      types.add("invalid-request");
    }
    var byStatus = new TreeMap<Integer, ObjectNode>();
    for (String name : types) {
      ProblemType type = TYPES.get(name);
      if (type == null) {
        throw new IllegalStateException("problems.json has no '" + name + "'");
      }
      add(byStatus.computeIfAbsent(type.status(), _ -> Json.MAPPER.createObjectNode()), type);
    }
    byStatus.forEach((number, response) -> responses.set(Integer.toString(number), response));
  }

  private static ObjectNode success(ObjectNode operation, JsonNode said) {
    var generated = operation.path("responses").properties().iterator();
    var response =
        generated.hasNext()
            ? (ObjectNode) generated.next().getValue()
            : Json.MAPPER.createObjectNode();
    int status = said.path("status").asInt(200);
    response.put(
        "description", said.path("answer").asString(HttpStatus.valueOf(status).getReasonPhrase()));
    response
        .path("content")
        .properties()
        .forEach(kind -> {
          var content = (ObjectNode) kind.getValue();
          if (said.has("returns") && kind.getKey().contains("json")) {
            content
                .putObject("schema")
                .put("$ref", "#/components/schemas/" + said.get("returns").asString());
          }
          if (said.has("response") && kind.getKey().contains("json")) {
            content.set("example", said.get("response"));
          }
          if (kind.getKey().equals("text/event-stream")) {
            content.putObject("schema").put("type", "string");
            content.put("example", said.path("stream").asString());
          }
        });
    said.path("headers").forEach(name -> header(response, name.asString()));
    return response;
  }

  private static void header(ObjectNode response, String name) {
    var headers =
        response.has("headers")
            ? (ObjectNode) response.get("headers")
            : response.putObject("headers");
    var header = headers.putObject(name);
    header.put("description", HEADERS.get(name));
    header.putObject("schema").put("type", "string");
  }

  private void add(ObjectNode response, ProblemType type) {
    if (!response.has("content")) {
      var content = response.putObject("content").putObject("application/problem+json");
      content.putObject("schema").put("$ref", "#/components/schemas/Problem");
      content.putObject("examples");
    }
    String before = response.path("description").asString("");
    if (!before.contains(type.title())) {
      response.put(
          "description", before.isEmpty() ? type.title() : before + ", or: " + type.title());
    }
    var examples =
        (ObjectNode) response.get("content").get("application/problem+json").get("examples");
    examples.putObject(type.type()).put("$ref", "#/components/examples/" + type.type());
    used.add(type);
    if (type.status() == 503) {
      header(response, "Retry-After");
    }
  }

  private void components() {
    var components =
        document.has("components")
            ? (ObjectNode) document.get("components")
            : document.putObject("components");
    var schemas =
        components.has("schemas")
            ? (ObjectNode) components.get("schemas")
            : components.putObject("schemas");
    schemas.set("Problem", Json.MAPPER.readTree(PROBLEM));
    var examples = components.putObject("examples");
    used.forEach(type -> example(examples.putObject(type.type()), type));
    components
        .putObject("securitySchemes")
        .putObject("bearer")
        .put("type", "http")
        .put("scheme", "bearer")
        .put("bearerFormat", "JWT")
        .put("description", "The access_token that POST /auth/login gives.");
  }

  private static void example(ObjectNode example, ProblemType type) {
    example.put("summary", type.when());
    example
        .putObject("value")
        .put("type", type.url().toString())
        .put("title", type.title())
        .put("status", type.status())
        .put("detail", type.remedy());
  }

  private static final String PROBLEM =
      """
      {"type":"object","description":"What went wrong (RFC 9457).","required":["type","title","status"],
       "properties":{
        "type":{"type":"string","format":"uri-reference","description":"Names the kind of problem; its page says what to do."},
        "title":{"type":"string"},
        "status":{"type":"integer"},
        "detail":{"type":"string","description":"This occurrence in a sentence."},
        "instance":{"type":"string","format":"uri-reference"},
        "traceId":{"type":"string","description":"To be named in a report."},
        "errors":{"type":"array","items":{"type":"object","required":["pointer","detail"],"properties":{
          "pointer":{"type":"string","format":"json-pointer","description":"Where in the body (RFC 6901)."},
          "detail":{"type":"string"}}}}}}
      """;
}
