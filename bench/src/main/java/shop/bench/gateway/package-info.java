/** CPU and latency of the gateway beside nginx, HAProxy and a bare Spring Cloud Gateway. */
@NullMarked
package shop.bench.gateway;

import org.jspecify.annotations.NullMarked;
