package shop.gateway.auth;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Refuses in bodies what Jackson accepts and readers could interpret differently: strings with a
 * surrogate that has no partner, which are no Unicode text (RFC 8259, section 8.2).
 */
@Configuration(proxyBeanMethods = false)
class StrictJson {

  @Bean
  JsonMapperBuilderCustomizer strictBodies() {
    return mapper ->
        mapper.addModule(new SimpleModule().addDeserializer(String.class, new UnicodeText()));
  }

  private static final class UnicodeText extends StdScalarDeserializer<String> {

    UnicodeText() {
      super(String.class);
    }

    @Override
    public @Nullable String deserialize(JsonParser parser, DeserializationContext context) {
      String text = StringDeserializer.instance.deserialize(parser, context);
      if (text != null && hasLoneSurrogate(text)) {
        throw context.weirdStringException(
            "…", String.class, "contains a surrogate without its partner");
      }
      return text;
    }

    private static boolean hasLoneSurrogate(String text) {
      return text.codePoints()
          .anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }
  }
}
