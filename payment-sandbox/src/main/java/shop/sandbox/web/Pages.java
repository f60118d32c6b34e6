package shop.sandbox.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import shop.sandbox.StripeError;
import shop.sandbox.ledger.Timeline;
import shop.sandbox.ledger.Timeline.Seconds;

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
      Function<T, Map<String, @Nullable Object>> render) {
    int limit = form.limit();
    var after = form.text("starting_after");
    var before = form.text("ending_before");
    var created = created(form);
    form.rejectUnknown();
    // One more than the page, to see whether there is a next one.
    var ids =
        before == null
            ? known(timeline.olderThan(after, created, limit + 1), after, "starting_after")
            : known(timeline.newerThan(before, created, limit + 1), before, "ending_before");
    var page =
        new ArrayList<>(ids.stream().limit(limit).map(id -> render.apply(find.apply(id))).toList());
    return StripeJson.ok(
        StripeJson.list(
            url, before == null ? page : List.copyOf(page.reversed()), ids.size() > limit));
  }

  private static List<String> known(
      Optional<List<String>> ids, @Nullable String cursor, String param) {
    return ids.orElseThrow(() -> StripeError.missing("object", String.valueOf(cursor), param, 400));
  }

  private static Seconds created(Form form) {
    var exactly = form.seconds("created");
    var gt = form.seconds("created[gt]");
    var gte = form.seconds("created[gte]");
    var lt = form.seconds("created[lt]");
    var lte = form.seconds("created[lte]");
    long from = Long.MIN_VALUE;
    long to = Long.MAX_VALUE;
    if (exactly != null) {
      from = exactly;
      to = exactly;
    }
    if (gt != null) {
      from = Math.max(from, gt == Long.MAX_VALUE ? gt : gt + 1);
    }
    if (gte != null) {
      from = Math.max(from, gte);
    }
    if (lt != null) {
      to = Math.min(to, lt == Long.MIN_VALUE ? lt : lt - 1);
    }
    if (lte != null) {
      to = Math.min(to, lte);
    }
    return new Seconds(from, to);
  }
}
