package shop.local.os;

import java.nio.file.Path;

/**
 * The name of a process and its files.
 *
 * @param name for messages and file names
 * @param data the folder for its data
 * @param log the file to which its output is appended
 * @param pid the file with its process id, while it runs
 */
public record ProcessFiles(String name, Path data, Path log, Path pid) {

  /** All files in one folder. */
  public static ProcessFiles in(Path folder, String name) {
    return new ProcessFiles(
        name, folder.resolve("data"), folder.resolve(name + ".log"), folder.resolve(name + ".pid"));
  }

  /** The files of an auxiliary process: the same data folder, a log and a pid file of its own. */
  public ProcessFiles auxiliary(String suffix) {
    var other = name + "-" + suffix;
    return new ProcessFiles(
        other, data, log.resolveSibling(other + ".log"), pid.resolveSibling(other + ".pid"));
  }
}
