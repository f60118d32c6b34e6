package shop.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.local.os.TextFile;

class AppImagesTest {

  @TempDir Path folder;
  private Path jar;
  private TextFile cache;

  @BeforeEach
  void createJar() throws IOException {
    jar = folder.resolve("service.jar");
    cache = new TextFile(folder.resolve("jar.sha256"));
    write("partitions=12");
  }

  @Test
  void anotherJarOfTheSameSizeAndTimeHasAnotherHash() throws IOException {
    var first = AppImages.sha256(jar, cache);

    writeAgain("partitions=24");

    assertThat(AppImages.sha256(jar, cache)).isNotEqualTo(first);
  }

  @Test
  void theSameJarWrittenAgainHasTheSameHash() throws IOException {
    var first = AppImages.sha256(jar, cache);

    writeAgain("partitions=12");

    assertThat(AppImages.sha256(jar, cache)).isEqualTo(first);
  }

  /** Writes like a later build, at a later tick of the file system's clock. */
  private void writeAgain(String content) throws IOException {
    var before = Files.getAttribute(jar, "unix:ctime");
    do {
      write(content);
    } while (Files.getAttribute(jar, "unix:ctime").equals(before));
  }

  /** Writes like Maven, which sets one constant time on every jar. */
  private void write(String content) throws IOException {
    Files.writeString(jar, content);
    Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
  }
}
