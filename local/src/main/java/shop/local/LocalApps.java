package shop.local;

import java.nio.file.Path;
import java.util.List;
import shop.local.os.AotCache;

/** The services in {@code target/app} of each module, which use or record their AOT caches. */
record LocalApps(AotCache.Mode mode) implements Apps {
  @Override
  public Path folder(ServiceSpec service) {
    return service.appFolder();
  }

  @Override
  public List<String> command(ServiceSpec service, List<String> options) {
    return service
        .aotCache()
        .apply(mode, service.java(), AppImages.jarVersion(service))
        .options(options.toArray(String[]::new))
        .jar(service.name() + ".jar");
  }
}
