package shop.sandbox.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.sandbox.StripeError;

/** 404 for the parts of Stripe's API that the sandbox does not implement. */
@RestController
class UnknownUrlController {

  @RequestMapping("/v1/**")
  void unknown(HttpServletRequest request, HttpServletResponse response) throws IOException {
    ResponseWriter.send(
        response,
        StripeJson.error(StripeError.unknownUrl(request.getMethod(), request.getRequestURI())));
  }
}
