package shop.common.time;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JacksonModule;

/** Parses times in request bodies by {@link Rfc3339}. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public class TimeConfiguration {

  @Bean
  static JacksonModule rfc3339Module() {
    return Rfc3339.jsonModule();
  }
}
