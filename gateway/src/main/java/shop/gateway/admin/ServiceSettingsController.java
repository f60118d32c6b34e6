package shop.gateway.admin;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.balancing.Instance;
import shop.common.http.EntityTags;
import shop.common.problem.Problem;
import shop.common.problem.Violation;
import shop.common.security.Caller;
import shop.common.trace.TraceContext;
import shop.gateway.inbound.ExchangeCaller;
import shop.gateway.inbound.ExchangeTrace;
import shop.gateway.routing.ServiceOverrides;
import shop.gateway.routing.Upstreams;
import shop.gateway.settings.GatewaySettings;
import shop.gateway.settings.SettingsChanges;

/** The settings of a service that can be changed while the gateways run. */
@RestController
@RequestMapping("/admin/gateway/services/{name}")
final class ServiceSettingsController {

  private static final Logger log = LoggerFactory.getLogger(ServiceSettingsController.class);

  private final Upstreams upstreams;
  private final GatewaySettings settings;
  private final SettingsChanges changes;

  ServiceSettingsController(
      Upstreams upstreams, GatewaySettings settings, SettingsChanges changes) {
    this.upstreams = upstreams;
    this.settings = settings;
    this.changes = changes;
  }

  @GetMapping
  ResponseEntity<ServiceSettingsView> get(@PathVariable String name) {
    return response(view(name));
  }

  /** Replaces everything that admins have changed before. */
  @PutMapping
  ResponseEntity<ServiceSettingsView> put(
      @PathVariable String name,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @RequestBody ServiceOverrides overrides,
      @RequestAttribute(ExchangeCaller.ATTRIBUTE) Caller caller,
      @RequestAttribute(ExchangeTrace.ATTRIBUTE) TraceContext trace) {
    try (var _ = trace.open()) {
      var current = view(name);
      requireValid(name, overrides, current.overrides());
      var expected = EntityTags.parse(HttpHeaders.IF_MATCH, required(ifMatch));
      changes.override(
          name,
          overrides,
          () -> {
            if (!expected.matchStrongly(view(name).tag())) {
              throw changed(name);
            }
          });
      log.info("Account {} has set the settings of {}", caller.id(), name);
      return response(view(name));
    }
  }

  private ServiceSettingsView view(String name) {
    var inForce =
        upstreams
            .settings(name)
            .orElseThrow(() ->
                Problem.notFound("There is no such service; GET /admin/gateway/status lists all"));
    return ServiceSettingsView.of(name, inForce, settings.of(name).orElse(null));
  }

  private static ResponseEntity<ServiceSettingsView> response(ServiceSettingsView view) {
    return ResponseEntity.ok().eTag(view.tag().toString()).body(view);
  }

  /** Weights of instances that are gone may stay, so that what was read can be sent again. */
  private void requireValid(String name, ServiceOverrides next, ServiceOverrides current) {
    List<Violation> violations = new ArrayList<>(next.violations());
    var instances = upstreams.instances(name);
    var known = new HashSet<>(current.weights().keySet());
    instances.forEach(instance -> known.add(instance.id()));
    if (violations.isEmpty()) {
      next.weights().keySet().stream()
          .filter(id -> !known.contains(id))
          .map(
              id -> new Violation(ServiceOverrides.pointer(id), "The service has no such instance"))
          .forEach(violations::add);
    }
    if (violations.isEmpty() && !instances.isEmpty() && allWithoutWeight(instances, next)) {
      violations.add(new Violation("/weights", "One instance needs a weight above 0"));
    }
    if (!violations.isEmpty()) {
      throw Problem.invalid(violations);
    }
  }

  private static boolean allWithoutWeight(List<Instance> instances, ServiceOverrides next) {
    return instances.stream().allMatch(instance -> next.applyTo(instance).weight() == 0);
  }

  private static String required(@Nullable String ifMatch) {
    if (ifMatch == null) {
      throw Problem.of(
              HttpStatus.PRECONDITION_REQUIRED, "precondition-required", "If-Match is missing")
          .detail("Send If-Match with the ETag of the settings that you want to replace");
    }
    return ifMatch;
  }

  private static Problem changed(String name) {
    return Problem.of(HttpStatus.PRECONDITION_FAILED, "precondition-failed", "Precondition failed")
        .detail(
            "The settings of " + name + " were changed. Read them again before you change them");
  }
}
