package shop.common.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import shop.common.http.QueryString;
import shop.common.problem.RequestProblems;

/**
 * Rejects query parameters that an endpoint does not declare, that are repeated or empty: a client
 * that misspells a filter learns it, instead of getting everything.
 */
final class QueryParameterInterceptor implements HandlerInterceptor {

  private final Map<Method, Set<String>> declared = new ConcurrentHashMap<>();
  private final DefaultParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (request.getQueryString() != null
        && request.getDispatcherType() == DispatcherType.REQUEST
        && handler instanceof HandlerMethod method) {
      check(QueryString.parse(request.getQueryString()), method);
    }
    return true;
  }

  private void check(Map<String, List<String>> parameters, HandlerMethod method) {
    var known = declared.computeIfAbsent(method.getMethod(), _ -> declaredBy(method));
    parameters.forEach((name, values) -> {
      if (!known.contains(name)) {
        throw RequestProblems.malformed(
            known.isEmpty()
                ? "The parameter '" + name + "' is unknown; this call has no query parameters"
                : "The parameter '" + name + "' is unknown. Known are " + String.join(", ", known));
      }
      if (values.size() != 1 || values.getFirst().isEmpty()) {
        throw RequestProblems.malformed("The parameter '" + name + "' must have exactly one value");
      }
    });
  }

  private Set<String> declaredBy(HandlerMethod method) {
    Set<String> all = new TreeSet<>();
    @Nullable QueryParameters map =
        AnnotatedElementUtils.findMergedAnnotation(method.getMethod(), QueryParameters.class);
    if (map != null) {
      all.addAll(List.of(map.value()));
    }
    for (var parameter : method.getMethodParameters()) {
      @Nullable RequestParam declaration = parameter.getParameterAnnotation(RequestParam.class);
      if (declaration != null && !Map.class.isAssignableFrom(parameter.getParameterType())) {
        parameter.initParameterNameDiscovery(names);
        String name =
            declaration.name().isEmpty() ? parameter.getParameterName() : declaration.name();
        all.add(String.valueOf(name));
      }
    }
    return all;
  }
}
