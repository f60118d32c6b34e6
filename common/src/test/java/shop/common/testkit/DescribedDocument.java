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

/** Adds descriptions, examples and problems to a generated OpenAPI document. */
final class DescribedDocument {

  private static final Map<String, ProblemType> TYPES =
      ProblemType.all().stream().collect(Collectors.toMap(ProblemType::type, Function.identity()));

  private static final Map<String, String> HEADERS =
      Map.of(
          "Idempotency-Key",
              "Identifies the request: 16 to 255 visible characters, preferably a new UUID. Requests with the same key are executed once.",
          "If-Match",
              "ETags, or *. The request is carried out only if the current one is among them; a change names the one that a GET returned.",
          "If-None-Match",
              "ETags, or *. A GET of one of them returns 304; a change with * requires that the resource does not exist yet.",
          "Last-Event-ID", "The id of the last event received; the stream continues after it.",
          "Location", "The URL of the created or changed resource.",
          "ETag", "The version, for If-Match and If-None-Match.",
          "Idempotent-Replayed",
              "true if an earlier request with this key has already been executed.",
          "Link", "The URL of the next page, with rel=\"next\".",
          "Retry-After", "Seconds after which the same request may be retried.");

  private static final String REQUESTS =
      " Bodies are JSON in UTF-8 of at most 64 KB. Query parameters that are not listed, repeated or"
          + " empty are refused with 400, as are repeated headers that have a single value.";

  private static final String RULES =
      """

      An integer is written without a fraction or an exponent: 1, not 1.0. A text has no control characters and, unless its
      description says otherwise, no line breaks; its length is counted in Unicode code points. A text of invisible characters is blank.
      """;

  private static final String PARAMETER_MAP = "MultiValueMap";
  private static final String SCHEMAS = "#/components/schemas/";

  private final ObjectNode document;
  private final JsonNode descriptions;
  private final Set<ProblemType> usedTypes = new TreeSet<>(Comparator.comparing(ProblemType::type));

  DescribedDocument(JsonNode generated, JsonNode descriptions) {
    this.document = (ObjectNode) generated.deepCopy();
    this.descriptions = descriptions;
  }

  JsonNode build(String title) {
    nameSchemas();
    document
        .putObject("info")
        .put("title", title)
        .put("version", "1")
        .put("description", descriptions.path("description").asString() + REQUESTS + RULES);
    document.putArray("servers").addObject().put("url", "/");
    document.putArray("tags").addObject().put("name", title);
    for (var path : document.path("paths").properties()) {
      for (var method : path.getValue().properties()) {
        describe(title, method.getKey().equals("get"), (ObjectNode) method.getValue());
      }
    }
    components();
    return document;
  }

  /** Names schemas by class without package, which must be unique. */
  private void nameSchemas() {
    var named = Json.MAPPER.createObjectNode();
    if (document.path("components").path("schemas") instanceof ObjectNode all) {
      all.properties().removeIf(schema -> schema.getKey().contains(PARAMETER_MAP));
    }
    document
        .path("components")
        .path("schemas")
        .properties()
        .forEach(schema -> {
          String name = simpleName(schema.getKey());
          if (named.has(name)) {
            throw new IllegalStateException("Two schemas have the name " + name);
          }
          named.set(name, schema.getValue());
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
        object.put("$ref", SCHEMAS + simpleName(reference.substring(SCHEMAS.length())));
      }
    }
    node.forEach(DescribedDocument::nameReferences);
  }

  private static String simpleName(String qualified) {
    return qualified
        .replace('$', '.')
        .replaceFirst("^(?:[a-z0-9_]+\\.)+", "")
        .replaceFirst("Controller\\.", ".");
  }

  private void describe(String title, boolean isGet, ObjectNode operation) {
    String id = operation.path("operationId").asString();
    var description = descriptions.path("operations").path(id);
    if (description.isMissingNode()) {
      throw new IllegalStateException(
          "src/main/openapi.json has no description of the operation " + id);
    }
    operation.putArray("tags").add(title);
    operation.put("summary", description.path("summary").asString());
    if (description.has("description")) {
      operation.set("description", description.get("description"));
    }
    boolean isPublic = description.path("anyone").asBoolean(false);
    if (isPublic) {
      operation.putArray("security");
    } else {
      operation.putArray("security").addObject().putArray("bearer");
    }
    if (operation.get("parameters") instanceof ArrayNode generated) {
      generated.removeIf(DescribedDocument::isParameterMap);
    }
    description
        .path("query")
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
    if (isGet && hasETag(description)) {
      headerParameter(operation, "If-Match");
      headerParameter(operation, "If-None-Match");
    }
    operation.path("parameters").forEach(parameter -> describe((ObjectNode) parameter));
    if (operation.has("requestBody") && description.has("request")) {
      var content = operation.get("requestBody").get("content");
      content.forEach(kind -> ((ObjectNode) kind).set("example", description.get("request")));
    }
    responses(operation, description, isPublic, isGet);
  }

  private static boolean hasETag(JsonNode description) {
    return description
        .path("headers")
        .valueStream()
        .anyMatch(name -> name.asString().equals("ETag"));
  }

  private static void headerParameter(ObjectNode operation, String name) {
    var parameters =
        operation.has("parameters")
            ? (ArrayNode) operation.get("parameters")
            : operation.putArray("parameters");
    parameters
        .addObject()
        .put("name", name)
        .put("in", "header")
        .put("required", false)
        .putObject("schema")
        .put("type", "string");
  }

  /**
   * The parameter of a controller that takes a map; openapi.json describes the single parameters.
   */
  private static boolean isParameterMap(JsonNode parameter) {
    return parameter.path("schema").path("$ref").asString("").contains(PARAMETER_MAP);
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

  private void responses(
      ObjectNode operation, JsonNode description, boolean isPublic, boolean isGet) {
    ObjectNode success = success(operation, description);
    int status = description.path("status").asInt(200);
    var responses = operation.putObject("responses");
    responses.set(Integer.toString(status), success);
    if (description.path("created").asBoolean(false)) {
      var created = success.deepCopy();
      created.put("description", HttpStatus.CREATED.getReasonPhrase());
      header(created, "Location");
      responses.set("201", created);
    }
    description
        .path("also")
        .properties()
        .forEach(other -> responses.set(other.getKey(), other.getValue()));
    Set<String> types = new LinkedHashSet<>();
    if (isGet && hasETag(description)) {
      header(responses.putObject("304").put("description", "Not Modified"), "ETag");
      types.add("precondition-failed");
    }
    description.path("problems").forEach(type -> types.add(type.asString()));
    types.add("malformed-request");
    types.add("not-acceptable");
    types.add("internal");
    types.add("unavailable");
    if (!isPublic) {
      types.add("unauthorized");
    }
    if (description.path("admin").asBoolean(false)) {
      types.add("forbidden");
    }
    if (operation.has("requestBody")) {
      types.add("invalid-request");
      types.add("unsupported-media-type");
      types.add("content-too-large");
      types.add("request-timeout");
    }
    var byStatus = new TreeMap<Integer, ObjectNode>();
    for (String name : types) {
      ProblemType type = TYPES.get(name);
      if (type == null) {
        throw new IllegalStateException("problems.json has no type '" + name + "'");
      }
      add(byStatus.computeIfAbsent(type.status(), _ -> Json.MAPPER.createObjectNode()), type);
    }
    byStatus.forEach((number, response) -> responses.set(Integer.toString(number), response));
  }

  private static ObjectNode success(ObjectNode operation, JsonNode description) {
    var generated = operation.path("responses").properties().iterator();
    var response =
        generated.hasNext()
            ? (ObjectNode) generated.next().getValue()
            : Json.MAPPER.createObjectNode();
    int status = description.path("status").asInt(200);
    response.put(
        "description",
        description.path("answer").asString(HttpStatus.valueOf(status).getReasonPhrase()));
    response
        .path("content")
        .properties()
        .forEach(kind -> {
          var content = (ObjectNode) kind.getValue();
          if (description.has("returns") && kind.getKey().contains("json")) {
            content
                .putObject("schema")
                .put("$ref", "#/components/schemas/" + description.get("returns").asString());
          }
          if (description.has("response") && kind.getKey().contains("json")) {
            content.set("example", description.get("response"));
          }
          if (kind.getKey().equals("text/event-stream")) {
            content.putObject("schema").put("type", "string");
            content.put("example", description.path("stream").asString());
          }
        });
    description.path("headers").forEach(name -> header(response, name.asString()));
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
    usedTypes.add(type);
    if (type.status() == 503 || type.status() == 429) {
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
    usedTypes.forEach(type -> example(examples.putObject(type.type()), type));
    components
        .putObject("securitySchemes")
        .putObject("bearer")
        .put("type", "http")
        .put("scheme", "bearer")
        .put("bearerFormat", "JWT")
        .put("description", "The access_token of the response to POST /auth/login.");
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
      {"type":"object","description":"Problem details (RFC 9457).","required":["type","title","status"],
       "properties":{
        "type":{"type":"string","format":"uri-reference","description":"The problem type; its page describes what to do."},
        "title":{"type":"string"},
        "status":{"type":"integer"},
        "detail":{"type":"string","description":"Description of this occurrence."},
        "instance":{"type":"string","format":"uri-reference"},
        "traceId":{"type":"string","description":"Id of the request's trace, for error reports."},
        "errors":{"type":"array","items":{"type":"object","required":["pointer","detail"],"properties":{
          "pointer":{"type":"string","format":"json-pointer","description":"Pointer to the value in the body (RFC 6901)."},
          "detail":{"type":"string"}}}}}}
      """;
}
