package shop.common.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON of events and stored records: absent instead of null, unknown properties ignored (a
 * consumer declares only what it reads), properties in the order of the record's components.
 */
public final class Json {

  /** The shared mapper; immutable and thread-safe. */
  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .build();

  private Json() {}

  /** The UTF-8 JSON of a value. */
  public static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /**
   * Reads a value of the given type, complete: what its records do not call {@code @Nullable} is
   * there.
   *
   * @throws MalformedJson if there are no bytes, or they are no JSON of that type, or lack
   *     something
   */
  public static <T> T read(byte @Nullable [] bytes, Class<T> type) {
    if (bytes == null) {
      throw new MalformedJson("Nothing where a " + type.getSimpleName() + " is expected", null);
    }
    try {
      T value = MAPPER.readValue(bytes, type);
      if (value == null) {
        throw new MalformedJson("JSON null where a " + type.getSimpleName() + " is expected", null);
      }
      @Nullable String missing = RequiredComponents.missing(value);
      if (missing != null) {
        throw new MalformedJson("A " + type.getSimpleName() + " needs " + missing, null);
      }
      return value;
    } catch (JacksonException e) {
      throw new MalformedJson(
          "Not the JSON of a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
    }
  }
}
