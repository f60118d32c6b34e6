/** The load balancers of the folder edge before two gateways: {@code ./test --edge}. */
package shop.e2e.edge;
