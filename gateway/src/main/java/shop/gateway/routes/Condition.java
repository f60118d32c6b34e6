package shop.gateway.routes;

import java.util.Locale;
import java.util.function.Predicate;
import org.springframework.web.server.ServerWebExchange;

/**
 * What a request must have besides its path.
 *
 * @param text the condition as it is written; equal texts mean equal conditions
 */
record Condition(String text, Predicate<ServerWebExchange> test) {

  /** A token of RFC 9110, section 5.6.2, as names of headers and cookies are. */
  private static final String NAME = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

  /** A header that occurs once, with a value that matches {@code NAME=PATTERN}. */
  static Condition header(String text) {
    var name = name(text);
    var value = new Wildcard(pattern(text));
    return new Condition(
        "header " + name.toLowerCase(Locale.ROOT) + "=" + pattern(text),
        exchange -> {
          var values = exchange.getRequest().getHeaders().getOrEmpty(name);
          return values.size() == 1 && value.matches(values.getFirst());
        });
  }

  /** A cookie that occurs once, with a value that matches {@code NAME=PATTERN}. */
  static Condition cookie(String text) {
    var name = name(text);
    var value = new Wildcard(pattern(text));
    return new Condition(
        "cookie " + text,
        exchange -> {
          var cookies = exchange.getRequest().getCookies().get(name);
          return cookies != null
              && cookies.size() == 1
              && value.matches(cookies.getFirst().getValue());
        });
  }

  /** A customer on one side of a split. */
  static Condition side(Split split, int side) {
    return new Condition(
        "split " + split.name() + "/" + split.sides().get(side).name(),
        exchange -> split.side(exchange) == side);
  }

  static String name(String text) {
    int end = text.indexOf('=');
    if (end < 0 || !text.substring(0, end).matches(NAME)) {
      throw new IllegalArgumentException("the form is NAME=PATTERN");
    }
    return text.substring(0, end);
  }

  private static String pattern(String text) {
    return text.substring(text.indexOf('=') + 1);
  }
}
