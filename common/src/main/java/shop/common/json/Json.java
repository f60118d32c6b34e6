package shop.common.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import shop.common.time.Rfc3339;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON mapping of events and stored records: null properties are omitted, unknown properties
 * are ignored (a consumer declares only what it reads), and properties are written in the order of
 * the record's components.
 */
public final class Json {

  /** The shared mapper; immutable and thread-safe. */
  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .addModule(Rfc3339.jsonModule())
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .build();

  private Json() {}

  /** The UTF-8 JSON of a value. */
  public static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /**
   * Reads a value of the given type and requires that every record component without
   * {@code @Nullable} is present.
   *
   * @throws MalformedJson if there are no bytes, or they are not JSON of that type, or a required
   *     component is missing
   */
  public static <T> T read(byte @Nullable [] bytes, Class<T> type) {
    if (bytes == null) {
      throw new MalformedJson("No data; expected " + type.getSimpleName(), null);
    }
    try {
      T value = MAPPER.readValue(bytes, type);
      if (value == null) {
        throw new MalformedJson("JSON null; expected " + type.getSimpleName(), null);
      }
      @Nullable String missing = RequiredComponents.missing(value);
      if (missing != null) {
        throw new MalformedJson(
            "Required value " + missing + " of " + type.getSimpleName() + " is missing", null);
      }
      return value;
    } catch (JacksonException e) {
      throw new MalformedJson(
          "Not valid JSON of " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
    }
  }
}
