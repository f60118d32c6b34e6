package shop.common.problem;

import java.util.List;
import tools.jackson.core.JacksonException;

/** Converts the property paths of Jackson and Bean Validation to JSON pointers (RFC 6901). */
final class Pointers {

  private Pointers() {}

  static String of(List<JacksonException.Reference> path) {
    var pointer = new StringBuilder();
    for (var step : path) {
      pointer.append('/');
      pointer.append(
          step.getPropertyName() == null
              ? Integer.toString(step.getIndex())
              : escape(step.getPropertyName()));
    }
    return pointer.toString();
  }

  /** From a property path such as {@code items[0].quantity}. */
  static String ofProperty(String path) {
    return "/" + escape(path).replace("[", "/").replace("]", "").replace('.', '/');
  }

  private static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
