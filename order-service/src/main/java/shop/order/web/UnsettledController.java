package shop.order.web;

import java.util.Collection;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.order.reconciling.Finding;
import shop.order.reconciling.Reconciler;

/** For admins: the orders that stay open too long, and what payment-service says of them. */
@RestController
@RequestMapping(path = "/admin/orders/unsettled", produces = MediaType.APPLICATION_JSON_VALUE)
class UnsettledController {

  private final Reconciler reconciler;

  UnsettledController(Reconciler reconciler) {
    this.reconciler = reconciler;
  }

  /** What the last look found, oldest order first; there is no further page. */
  record Findings(Collection<Finding> items) {}

  @GetMapping
  Findings list() {
    return new Findings(reconciler.findings());
  }
}
