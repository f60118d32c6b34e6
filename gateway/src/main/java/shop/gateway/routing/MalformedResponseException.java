package shop.gateway.routing;

import java.io.IOException;

/** A service has sent something that is not HTTP, or something that it must not send. */
final class MalformedResponseException extends IOException {

  private static final long serialVersionUID = 1;

  MalformedResponseException(String detail) {
    super("The response is not valid HTTP: " + detail);
  }

  MalformedResponseException(Throwable cause) {
    super("The response is not valid HTTP", cause);
  }
}
