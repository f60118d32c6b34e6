package shop.local.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.local.os.AotCache.Mode;

/** Records a cache of a small program, and uses it. */
@Tag("slow")
class AotCacheTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String CONTENT = "the first build";

  @TempDir Path folder;
  private AotCache cache;
  private OsProcess process;

  @BeforeEach
  void recordACache() throws IOException {
    var source = folder.resolve("Sleeper.java");
    Files.writeString(
        source,
        """
        public class Sleeper {
          public static void main(String[] arguments) throws Exception {
            System.out.println("started");
            Thread.sleep(Long.parseLong(arguments[0]));
          }
        }
        """);
    tool("javac", "-d", folder.toString(), source.toString());
    var jar = folder.resolve("sleeper.jar").toString();
    tool("jar", "--create", "--file", jar, "-C", folder.toString(), "Sleeper.class");
    cache = new AotCache(folder.resolve("sleeper.aot"));

    run(Mode.RECORD, java(), CONTENT, 0);
    process.awaitExitOrKill(TIMEOUT);
    assertThat(cache.recorded(java(), CONTENT)).isTrue();
  }

  private static void tool(String name, String... arguments) {
    var tool = ToolProvider.findFirst(name).orElseThrow();
    assertThat(tool.run(System.out, System.err, arguments)).isZero();
  }

  private static JavaCommand java() {
    return JavaCommand.withMaxHeap(32).serialCollector();
  }

  private void run(Mode mode, JavaCommand java, String content, long millis) {
    var command =
        cache
            .apply(mode, java, content)
            .mainClass(folder.resolve("sleeper.jar").toString(), "Sleeper", String.valueOf(millis));
    process = OsProcess.start(ProcessFiles.in(folder, "sleeper"), folder, Map.of(), command);
  }

  private boolean isUsed(JavaCommand java, String content) {
    run(Mode.USE, java, content, TIMEOUT.toMillis());
    Probe.poll(TIMEOUT, Duration.ofMillis(20), () -> process.logTail(5).contains("started"));
    return cache.isUsedBy(process).orElse(true);
  }

  @AfterEach
  void stop() {
    process.kill();
  }

  @Test
  void aCacheThatFitsIsUsed() {
    assertThat(isUsed(java(), CONTENT)).isTrue();
  }

  @Test
  void aCacheOfOtherOptionsOrOfAnotherBuildDoesNotFit() {
    assertThat(cache.fits(java(), CONTENT)).isTrue();
    assertThat(cache.fits(java().quickCompiler(), CONTENT)).isFalse();
    assertThat(cache.fits(java(), "the next build")).isFalse();
    assertThat(cache.apply(Mode.USE, java(), "the next build").options())
        .isEqualTo(java().options());
  }

  @Test
  void aCacheThatWasMovedDoesNotFit() throws IOException {
    var moved = Files.createDirectory(folder.resolve("moved"));
    for (var file : List.of("sleeper.aot", "sleeper.aot.inputs")) {
      Files.copy(folder.resolve(file), moved.resolve(file));
    }

    assertThat(new AotCache(moved.resolve("sleeper.aot")).fits(java(), CONTENT)).isFalse();
  }

  @Test
  void aDamagedCacheIsNoticedByLookingAtTheProcess() throws IOException {
    Files.write(cache.file(), new byte[4096]);

    assertThat(cache.fits(java(), CONTENT)).isTrue();
    assertThat(isUsed(java(), CONTENT)).isFalse();
  }
}
