package shop.payment.web;

import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import shop.common.problem.Problem;
import shop.common.security.Caller;
import shop.payment.Payments;

/** Serves the payments of orders. */
@RestController
class PaymentController {

  private final Payments payments;

  PaymentController(Payments payments) {
    this.payments = payments;
  }

  /** Customers see their own payments, admins all; another customer's is 404 like a missing one. */
  @GetMapping(path = "/payments/{orderId}", produces = MediaType.APPLICATION_JSON_VALUE)
  PaymentView payment(@PathVariable UUID orderId, @AuthenticationPrincipal Caller caller) {
    return Reading.of(() -> payments.find(orderId))
        .filter(payment -> caller.isAdmin() || payment.customerId().equals(caller.id()))
        .map(payment -> PaymentView.of(payment, caller.isAdmin()))
        .orElseThrow(() -> Problem.notFound("The order has no payment"));
  }
}
