package shop.sandbox.web;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import shop.sandbox.StripeError;
import shop.sandbox.ledger.LedgerState.Timeline;

/**
 * Stripe's lists: newest first, {@code limit} (1–100, default 10), {@code starting_after}, {@code
 * ending_before}, {@code created[gt|gte|lt|lte]} in seconds.
 */
final class Pages {

  private Pages() {}

  static <T> StoredResponse page(
      Form form,
      String url,
      Timeline timeline,
      Function<String, T> find,
      Function<T, Instant> created,
      Function<T, Map<String, @Nullable Object>> render) {
    int limit = form.limit();
    var after = form.text("starting_after");
    var before = form.text("ending_before");
    var createdFilter = createdFilter(form);
    form.rejectUnknown();
    var ids =
        before == null
            ? known(timeline.olderThan(after), after, "starting_after")
            : known(timeline.newerThan(before), before, "ending_before");
    var page = new ArrayList<Map<String, @Nullable Object>>();
    boolean more = false;
    for (var id : ids) {
      var item = find.apply(id);
      if (createdFilter.test(created.apply(item).getEpochSecond())) {
        if (page.size() == limit) {
          more = true;
          break;
        }
        page.add(render.apply(item));
      }
    }
    return StripeJson.ok(
        StripeJson.list(url, before == null ? page : List.copyOf(page.reversed()), more));
  }

  private static Iterable<String> known(
      Optional<Iterable<String>> ids, @Nullable String cursor, String param) {
    return ids.orElseThrow(() -> StripeError.missing("object", String.valueOf(cursor), param, 400));
  }

  private static LongPredicate createdFilter(Form form) {
    var exactly = form.seconds("created");
    var gt = form.seconds("created[gt]");
    var gte = form.seconds("created[gte]");
    var lt = form.seconds("created[lt]");
    var lte = form.seconds("created[lte]");
    return at ->
        (exactly == null || at == exactly)
            && (gt == null || at > gt)
            && (gte == null || at >= gte)
            && (lt == null || at < lt)
            && (lte == null || at <= lte);
  }
}
