package shop.local.os;

import java.nio.file.Path;

/**
 * Where a process keeps its things.
 *
 * @param name what it is called in messages and file names
 * @param data folder of its own
 * @param log file its output is appended to
 * @param pid file that names it while it runs
 */
public record ProcessFiles(String name, Path data, Path log, Path pid) {

  /** Everything in one folder. */
  public static ProcessFiles in(Path folder, String name) {
    return new ProcessFiles(
        name, folder.resolve("data"), folder.resolve(name + ".log"), folder.resolve(name + ".pid"));
  }

  /** A second process that belongs to this one. */
  public ProcessFiles beside(String suffix) {
    var other = name + "-" + suffix;
    return new ProcessFiles(
        other, data, log.resolveSibling(other + ".log"), pid.resolveSibling(other + ".pid"));
  }
}
