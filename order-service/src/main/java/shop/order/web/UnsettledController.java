package shop.order.web;

import java.util.Collection;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.order.reconciling.Reconciler;
import shop.order.reconciling.UnsettledOrder;

/**
 * For admins: the orders that have been unsettled for too long, and the facts that payment-service
 * reports about them.
 */
@RestController
@RequestMapping(path = "/admin/orders/unsettled", produces = MediaType.APPLICATION_JSON_VALUE)
class UnsettledController {

  private final Reconciler reconciler;

  UnsettledController(Reconciler reconciler) {
    this.reconciler = reconciler;
  }

  /** The unsettled orders of the last round, oldest first, on one page. */
  record UnsettledOrders(Collection<UnsettledOrder> items) {}

  @GetMapping
  UnsettledOrders list() {
    return new UnsettledOrders(reconciler.found());
  }
}
