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

  /** Writes the file atomically: a reader sees the old content or the new one. */
  public static void write(Path file, String content) {
    try {
      var folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      // Temporary files are created with mode 600.
      var temporary = Files.createTempFile(folder, "", ".new");
      Files.writeString(temporary, content);
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The secret in the file; the first call creates it from 128 random bits, in hexadecimal. */
  public static String readOrCreate(Path file) {
    return readOrCreate(file, "");
  }

  /** The same, with a prefix that says what the secret is for. */
  public static synchronized String readOrCreate(Path file, String prefix) {
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
