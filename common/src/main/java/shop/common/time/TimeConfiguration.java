package shop.common.time;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.core.convert.converter.Converter;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Parses times in request parameters as RFC 3339, whose years have four digits. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public class TimeConfiguration implements WebMvcConfigurer {

  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  @Override
  public void addFormatters(FormatterRegistry registry) {
    registry.addConverter(new InstantConverter());
  }

  private static final class InstantConverter implements Converter<String, @Nullable Instant> {

    /**
     * Parses a time; null if the text is blank.
     *
     * @throws IllegalArgumentException if its year is not 1 to 9999: calculations with it could
     *     overflow
     * @throws java.time.format.DateTimeParseException if it is not a time
     */
    @Override
    public @Nullable Instant convert(String text) {
      if (text.isBlank()) {
        return null;
      }
      var time = Instant.parse(text);
      if (time.isBefore(FIRST) || time.isAfter(LAST)) {
        throw new IllegalArgumentException("A time must be from %s to %s".formatted(FIRST, LAST));
      }
      return time;
    }
  }
}
