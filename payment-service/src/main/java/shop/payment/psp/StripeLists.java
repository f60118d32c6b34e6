package shop.payment.psp;

import com.stripe.exception.StripeException;
import com.stripe.model.HasId;
import com.stripe.model.StripeCollection;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads Stripe's lists lazily, page by page; stripe-java's own paging hides failures. */
final class StripeLists {

  /** Items a page, Stripe's maximum. */
  static final long PAGE = 100;

  private StripeLists() {}

  /** Requests the page after an item, or the first page. */
  @FunctionalInterface
  interface PageRequest<T extends HasId> {
    StripeCollection<T> after(@Nullable String last) throws StripeException;
  }

  /**
   * All items, newest first.
   *
   * @throws shop.payment.ProviderFailure while the stream is read, if a page cannot be read
   */
  static <T extends HasId> Stream<T> all(PageRequest<T> pages) {
    return Stream.<@Nullable StripeCollection<T>>iterate(
            page(pages, null), Objects::nonNull, page -> next(pages, page))
        .flatMap(page -> page == null ? Stream.empty() : page.getData().stream());
  }

  private static <T extends HasId> @Nullable StripeCollection<T> next(
      PageRequest<T> pages, @Nullable StripeCollection<T> page) {
    return page != null && page.getHasMore() ? page(pages, page.getData().getLast().getId()) : null;
  }

  private static <T extends HasId> StripeCollection<T> page(
      PageRequest<T> pages, @Nullable String last) {
    try {
      return pages.after(last);
    } catch (StripeException e) {
      throw StripeFailures.of("list", e);
    }
  }
}
