package shop.local;

import java.nio.file.Path;
import java.util.List;
import shop.local.os.Folders;
import shop.local.os.ProcessFiles;

/** The files and folders of one platform, all below {@code .local} or another root. */
public record DataFolders(Path root) {

  Path data() {
    return root.resolve("data");
  }

  public Path log() {
    return root.resolve("log");
  }

  public Path run() {
    return root.resolve("run");
  }

  Path secrets() {
    return root.resolve("secrets");
  }

  /** That of the gateways with {@code --tls}. */
  public LocalCertificate certificate() {
    return new LocalCertificate(secrets());
  }

  public Path demoEnv() {
    return root.resolve("demo.env");
  }

  /** Exists while a platform runs in the background because of {@code --detach}. */
  public Path detachedMarker() {
    return run().resolve("detached");
  }

  /** The state of each component, while a launcher supervises them. */
  public Path supervision() {
    return run().resolve("supervision.json");
  }

  /** The pid file and the log of the launcher itself. */
  public ProcessFiles launcherFiles() {
    return new ProcessFiles(
        "launcher", run(), log().resolve("launcher.log"), run().resolve("launcher"));
  }

  ProcessFiles processFiles(String name) {
    return new ProcessFiles(
        name, data().resolve(name), log().resolve(name + ".log"), run().resolve(name + ".pid"));
  }

  /** Deletes what a platform wrote. The unpacked programs of RabbitMQ and PostgreSQL stay. */
  public void wipe() {
    for (var folder : List.of(data(), log(), run(), secrets())) {
      Folders.delete(folder);
    }
    Folders.delete(demoEnv());
  }
}
