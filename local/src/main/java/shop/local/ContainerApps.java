package shop.local;

import java.nio.file.Path;
import java.util.List;
import shop.local.os.JavaCommand;

/**
 * The services as the images contain them, {@code <folder>/<service>/app.jar}, with the options
 * that {@code Dockerfile} starts them with. Each records its AOT cache, {@code app.aot}.
 *
 * @param folder also contains {@code jvm.options}
 */
record ContainerApps(Path folder) implements Apps {
  @Override
  public Path folder(ServiceSpec service) {
    return folder.resolve(service.name());
  }

  Path aotCache(ServiceSpec service) {
    return folder(service).resolve("app.aot");
  }

  /** The options' heap is a share of a container's memory; another size does not matter later. */
  @Override
  public List<String> command(ServiceSpec service, List<String> options) {
    return JavaCommand.withDefaults()
        .options("@" + folder.resolve("jvm.options"))
        .initialHeap(32)
        .options("-Xmx" + service.maxHeap() + "m", "-XX:AOTCacheOutput=app.aot")
        .options(options.toArray(String[]::new))
        .jar("app.jar");
  }
}
