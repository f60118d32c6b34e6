package shop.local;

import java.nio.file.Path;
import java.util.List;
import shop.local.os.Folders;
import shop.local.os.ProcessFiles;

/** The folders below {@code .local}. */
record Layout(Path root) {

  Path data() {
    return root.resolve("data");
  }

  Path log() {
    return root.resolve("log");
  }

  Path run() {
    return root.resolve("run");
  }

  Path secrets() {
    return root.resolve("secrets");
  }

  Path demoEnv() {
    return root.resolve("demo.env");
  }

  /** There while a platform runs in the background on purpose. */
  Path detachedMark() {
    return run().resolve("detached");
  }

  Path launcherPid() {
    return run().resolve("launcher");
  }

  ProcessFiles place(String name) {
    return new ProcessFiles(
        name, data().resolve(name), log().resolve(name + ".log"), run().resolve(name + ".pid"));
  }

  /** Deletes what a platform wrote; what it was provided with (RabbitMQ's packages) stays. */
  void wipe() {
    for (var folder : List.of(data(), log(), run(), secrets())) {
      Folders.delete(folder);
    }
    Folders.delete(demoEnv());
  }
}
