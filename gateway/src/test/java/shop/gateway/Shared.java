package shop.gateway;

/** Two gateways and one backend that all tests of this module share. */
final class Shared {

  private static final Backend ORDERS = new Backend("orders");
  private static final Gateway FIRST = Gateway.start("ORDER_SERVICE_URLS=" + ORDERS.url());

  private Shared() {}

  static Backend orders() {
    return ORDERS;
  }

  static Gateway gateway() {
    return FIRST;
  }

  static Gateway anotherGateway() {
    return Second.GATEWAY;
  }

  /** Started by the first test that needs it. */
  private static final class Second {
    static final Gateway GATEWAY = Gateway.start("ORDER_SERVICE_URLS=" + ORDERS.url());
  }
}
