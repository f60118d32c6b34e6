package shop.local;

import java.nio.file.Path;
import java.util.List;

/** Where the extracted services are, and with which commands they are started. */
interface Apps {
  /** The working directory of a service's process. */
  Path folder(ServiceSpec service);

  /**
   * A service's command.
   *
   * @param options of the JVM, besides those that each service has
   */
  List<String> command(ServiceSpec service, List<String> options);
}
