package shop.gateway.discovery;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import shop.common.json.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The answers of the Kubernetes API that concern EndpointSlices. */
final class SliceMessages {

  /** HTTP's 410: the version from which to watch, or a part of a list, is not kept any more. */
  static final int GONE = 410;

  private SliceMessages() {}

  /**
   * A part of a list.
   *
   * @param version from which changes of the whole list may be watched
   * @param next where the next part begins; null after the last
   */
  record Page(List<EndpointSlice> slices, String version, @Nullable String next) {}

  /** A change that a watch reports. */
  sealed interface Event {
    /** Changes up to this version have been reported. */
    String version();

    /** A slice was added or modified. */
    record Written(EndpointSlice slice) implements Event {
      @Override
      public String version() {
        return slice.metadata().resourceVersion();
      }
    }

    /** A slice was deleted. */
    record Deleted(String name, String version) implements Event {}

    /** Nothing has changed. */
    record Bookmark(String version) implements Event {}
  }

  /**
   * Reads a part of a list.
   *
   * @throws LookUpFailedException if it is none
   */
  static Page page(byte[] json) {
    try {
      var list = Json.MAPPER.readTree(json);
      var slices = list.required("items").valueStream().map(SliceMessages::slice).toList();
      var metadata = list.required("metadata");
      var next = metadata.path("continue").asString("");
      return new Page(
          slices, metadata.required("resourceVersion").asString(), next.isEmpty() ? null : next);
    } catch (JacksonException | NullPointerException e) {
      throw malformed(e);
    }
  }

  /**
   * Reads a line of a watch.
   *
   * @throws VersionGoneException if it says so
   * @throws LookUpFailedException if it reports another error, or is no event
   */
  static Event event(byte[] json) {
    try {
      var event = Json.MAPPER.readTree(json);
      var object = event.required("object");
      return switch (event.required("type").asString()) {
        case "ADDED", "MODIFIED" -> new Event.Written(slice(object));
        case "DELETED" -> {
          var metadata = slice(object).metadata();
          yield new Event.Deleted(metadata.name(), metadata.resourceVersion());
        }
        case "ERROR" -> throw failure(object.path("code").asInt(0), message(object));
        // BOOKMARK, and what later versions of Kubernetes may add.
        default -> new Event.Bookmark(version(object));
      };
    } catch (JacksonException | NullPointerException e) {
      throw malformed(e);
    }
  }

  private static String version(JsonNode object) {
    return object.required("metadata").required("resourceVersion").asString();
  }

  private static EndpointSlice slice(JsonNode json) {
    var slice = Json.MAPPER.treeToValue(json, EndpointSlice.class);
    Objects.requireNonNull(slice.metadata().name());
    Objects.requireNonNull(slice.metadata().resourceVersion());
    slice.endpoints().forEach(endpoint -> Objects.requireNonNull(endpoint.addresses()));
    return slice;
  }

  /** The text of a {@code Status}, the body of an error. */
  static String message(byte[] json) {
    try {
      return message(Json.MAPPER.readTree(json));
    } catch (JacksonException _) {
      return "";
    }
  }

  private static String message(JsonNode status) {
    return status.path("message").asString("");
  }

  /** The failure that an error status of the API stands for. */
  static LookUpFailedException failure(int status, String message) {
    var text = "the API server responds with " + status + " " + message;
    return status == GONE
        ? new VersionGoneException(text)
        : new LookUpFailedException(text.strip(), null);
  }

  private static LookUpFailedException malformed(Exception e) {
    return new LookUpFailedException("the answer of the API server is malformed: " + reason(e), e);
  }

  private static @Nullable String reason(Exception e) {
    return e instanceof JacksonException json ? json.getOriginalMessage() : "a field is missing";
  }
}
