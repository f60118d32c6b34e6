package shop.local.launch;

import java.nio.file.Path;
import shop.local.TrainingRun;
import shop.local.os.LaunchException;

/**
 * The step of {@code Dockerfile} that records the AOT caches of all images: a training run with the
 * images' JVM, folders and options.
 */
public final class ContainerTraining {
  private ContainerTraining() {}

  /**
   * Runs it.
   *
   * @param arguments the folder of the services, and one for data and logs
   */
  public static void main(String[] arguments) {
    var progress = ConsoleProgress.terminal();
    try {
      TrainingRun.forContainers(Path.of(arguments[0]), Path.of(arguments[1]), progress);
      System.exit(0);
    } catch (LaunchException failure) {
      progress.failed(String.valueOf(failure.getMessage()));
      System.exit(1);
    }
  }
}
