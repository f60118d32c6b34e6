package shop.common.time;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.convert.converter.Converter;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.JacksonModule;

/** Parses times in requests by {@link Rfc3339}. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public class TimeConfiguration implements WebMvcConfigurer {

  /** Times in request bodies. */
  @Bean
  static JacksonModule rfc3339Module() {
    return Rfc3339.jsonModule();
  }

  @Override
  public void addFormatters(FormatterRegistry registry) {
    registry.addConverter(new InstantConverter());
  }

  private static final class InstantConverter implements Converter<String, @Nullable Instant> {

    /**
     * Parses a time; null if the text is blank.
     *
     * @throws java.time.DateTimeException if it is not a time, or its year is not 1 to 9999
     */
    @Override
    public @Nullable Instant convert(String text) {
      return text.isBlank() ? null : Rfc3339.parse(text);
    }
  }
}
