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

class AppImagesTest {

  @TempDir Path folder;
  private Path jar;
  private Path memory;

  @BeforeEach
  void aJar() throws IOException {
    jar = folder.resolve("service.jar");
    memory = folder.resolve("jar.sha256");
    write("partitions=12");
  }

  @Test
  void anotherJarOfTheSameSizeAndTimeIsAnother() throws IOException {
    var first = AppImages.contentOf(jar, memory);

    writeAnew("partitions=24");

    assertThat(AppImages.contentOf(jar, memory)).isNotEqualTo(first);
  }

  @Test
  void theSameJarWrittenAnewIsTheSame() throws IOException {
    var first = AppImages.contentOf(jar, memory);

    writeAnew("partitions=12");

    assertThat(AppImages.contentOf(jar, memory)).isEqualTo(first);
  }

  /** As a later build does, at a later tick of the file system's clock. */
  private void writeAnew(String content) throws IOException {
    var before = Files.getAttribute(jar, "unix:ctime");
    do {
      write(content);
    } while (Files.getAttribute(jar, "unix:ctime").equals(before));
  }

  /** As Maven writes it: every jar has one constant time. */
  private void write(String content) throws IOException {
    Files.writeString(jar, content);
    Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
  }
}
