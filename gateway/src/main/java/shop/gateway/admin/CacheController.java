package shop.gateway.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import shop.common.problem.Problem;
import shop.common.problem.Violation;
import shop.common.security.Caller;
import shop.common.trace.TraceContext;
import shop.gateway.cache.ResponseCache;
import shop.gateway.inbound.ExchangeCaller;
import shop.gateway.inbound.ExchangeTrace;
import shop.gateway.settings.SettingsChanges;

/** The response cache: what this gateway has stored, and its removal at every gateway. */
@RestController
@RequestMapping("/admin/gateway/cache")
final class CacheController {

  private static final Logger log = LoggerFactory.getLogger(CacheController.class);
  private static final String EVERYTHING = "/**";
  private static final int MAX_LENGTH = 2048;

  private final ResponseCache cache;
  private final SettingsChanges changes;

  CacheController(ResponseCache cache, SettingsChanges changes) {
    this.cache = cache;
    this.changes = changes;
  }

  @GetMapping
  ResponseCache.Statistics get() {
    return cache.statistics();
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void purge(
      @RequestParam(required = false) @Nullable String path,
      @RequestAttribute(ExchangeCaller.ATTRIBUTE) Caller caller,
      @RequestAttribute(ExchangeTrace.ATTRIBUTE) TraceContext trace) {
    try (var _ = trace.open()) {
      var purged = path == null ? EVERYTHING : path;
      if (!purged.matches("/[!-~&&[^?#]]*") || purged.length() > MAX_LENGTH) {
        throw Problem.invalid(
            List.of(
                new Violation(
                    "/path",
                    "A path without a query is required, percent-encoded as in a request, such as"
                        + " /products/lamp or /products/**")));
      }
      changes.purgeCache(purged);
      log.info("Account {} has removed the cached responses of {}", caller.id(), purged);
    }
  }
}
