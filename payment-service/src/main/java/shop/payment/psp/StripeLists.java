package shop.payment.psp;

import com.stripe.exception.StripeException;
import com.stripe.model.HasId;
import com.stripe.model.StripeCollection;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stripe's lists, page by page as they are read; stripe-java's own paging hides what fails. */
final class StripeLists {

  /** Items a page, the most that Stripe gives. */
  static final long PAGE = 100;

  private StripeLists() {}

  /** One page of a list: what comes after an item, or the first one. */
  @FunctionalInterface
  interface Pages<T extends HasId> {
    StripeCollection<T> after(@Nullable String last) throws StripeException;
  }

  /**
   * All items, newest first.
   *
   * @throws shop.payment.ProviderFailure while they are read, if a page does not come
   */
  static <T extends HasId> Stream<T> all(Pages<T> pages) {
    return Stream.<@Nullable StripeCollection<T>>iterate(
            page(pages, null), Objects::nonNull, page -> next(pages, page))
        .flatMap(page -> page == null ? Stream.empty() : page.getData().stream());
  }

  private static <T extends HasId> @Nullable StripeCollection<T> next(
      Pages<T> pages, @Nullable StripeCollection<T> page) {
    return page != null && page.getHasMore() ? page(pages, page.getData().getLast().getId()) : null;
  }

  private static <T extends HasId> StripeCollection<T> page(Pages<T> pages, @Nullable String last) {
    try {
      return pages.after(last);
    } catch (StripeException e) {
      throw StripeFailures.of("list", e);
    }
  }
}
