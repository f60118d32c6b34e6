package shop.gateway.routes;

/** The routes file says something that is wrong. */
final class InvalidRoutes extends RuntimeException {

  InvalidRoutes(String message) {
    super(message);
  }
}
