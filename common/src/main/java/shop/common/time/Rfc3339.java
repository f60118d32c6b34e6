package shop.common.time;

import java.time.DateTimeException;
import java.time.Instant;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Times as RFC 3339 writes them, whose years have four digits. {@link Instant#parse} also accepts
 * years of ten digits, with which calculations overflow; everything that reads a time from a
 * request, a record or a stored text reads it here.
 */
public final class Rfc3339 {

  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private Rfc3339() {}

  /**
   * Parses a time.
   *
   * @throws DateTimeException if the text is not a time, or its year is not 1 to 9999
   */
  public static Instant parse(String text) {
    var time = Instant.parse(text);
    if (time.isBefore(FIRST) || time.isAfter(LAST)) {
      throw new DateTimeException("The year of a time must be 1 to 9999");
    }
    return time;
  }

  /** Reads times in JSON like {@link #parse}. */
  public static JacksonModule jsonModule() {
    return new SimpleModule("rfc3339").addDeserializer(Instant.class, new TimeDeserializer());
  }

  private static final class TimeDeserializer extends StdDeserializer<Instant> {

    TimeDeserializer() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context) {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        return (Instant) context.handleUnexpectedToken(getValueType(context), parser);
      }
      String text = parser.getString();
      try {
        return parse(text);
      } catch (DateTimeException e) {
        return (Instant)
            context.handleWeirdStringValue(Instant.class, text, "must be an RFC 3339 time");
      }
    }
  }
}
