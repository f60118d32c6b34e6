package shop.bench.gateway;

import java.net.URI;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is measured: a request to a process.
 *
 * @param name in the table
 * @param url on the loopback interface
 * @param token sent as a bearer token; from a supplier that gives null for none
 * @param cpuMillis that the process has used since its start
 */
record Target(String name, URI url, Supplier<@Nullable String> token, LongSupplier cpuMillis) {

  Target {
    if (!url.getHost().equals("127.0.0.1")) {
      throw new IllegalArgumentException("Load is allowed against 127.0.0.1 only, not " + url);
    }
  }
}
