package shop.local.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** A file that only its owner may read (mode 600). */
public final class SecretFile {
  private static final int BYTES = 16;

  private SecretFile() {}

  /** Writes the whole file; nobody ever sees a part of it. */
  public static void write(Path file, String content) {
    try {
      var folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      // Temporary files are made with mode 600.
      var fresh = Files.createTempFile(folder, "", ".new");
      Files.writeString(fresh, content);
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The secret in the file; the first call makes 128 random bits, written in hex. */
  public static String readOrMake(Path file) {
    return readOrMake(file, "");
  }

  /** The same, beginning with a prefix that tells what it is for. */
  public static synchronized String readOrMake(Path file, String prefix) {
    if (!Files.exists(file)) {
      var bytes = new byte[BYTES];
      new SecureRandom().nextBytes(bytes);
      write(file, prefix + HexFormat.of().formatHex(bytes));
    }
    try {
      return Files.readString(file).trim();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
