package shop.operations.desk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The conditions of a query, all of which must hold, with named parameters. */
final class Conditions {

  private final List<String> conditions = new ArrayList<>();
  private final Map<String, Object> parameters = new HashMap<>();

  Conditions and(String condition) {
    conditions.add(condition);
    return this;
  }

  Conditions and(String condition, String parameter, Object value) {
    return and(condition).with(parameter, value);
  }

  Conditions with(String parameter, Object value) {
    parameters.put(parameter, value);
    return this;
  }

  String sql() {
    return String.join(" AND ", conditions);
  }

  Map<String, Object> parameters() {
    return parameters;
  }
}
