package shop.common.web;

import java.beans.PropertyEditorSupport;
import java.util.function.Function;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.InitBinder;
import shop.common.http.DecimalNumbers;

/**
 * Parses numbers of parameters by {@link DecimalNumbers}. Editors, not converters: if a converter
 * fails, Spring falls back to its own editors, which accept {@code 0x10}.
 */
@ControllerAdvice
final class NumberParameters {

  @InitBinder
  void register(WebDataBinder binder) {
    register(binder, int.class, Integer.class, DecimalNumbers::parseInt);
    register(binder, long.class, Long.class, DecimalNumbers::parseLong);
  }

  private static <T> void register(
      WebDataBinder binder, Class<T> primitive, Class<T> boxed, Function<String, T> parser) {
    binder.registerCustomEditor(primitive, new Editor<>(parser));
    binder.registerCustomEditor(boxed, new Editor<>(parser));
  }

  private static final class Editor<T> extends PropertyEditorSupport {
    private final Function<String, T> parser;

    Editor(Function<String, T> parser) {
      this.parser = parser;
    }

    /**
     * @throws NumberFormatException if the text is no decimal number
     */
    @Override
    public void setAsText(String text) {
      setValue(parser.apply(text));
    }
  }
}
