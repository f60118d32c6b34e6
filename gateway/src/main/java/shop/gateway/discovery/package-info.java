/** Where the instances of the services come from: the configuration, DNS, or Kubernetes. */
@NullMarked
package shop.gateway.discovery;

import org.jspecify.annotations.NullMarked;
