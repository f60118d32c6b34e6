package shop.local.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.local.os.Command;

/** What users copy into a shell. */
class ShellSnippetsTest {
  @TempDir Path folder;

  @Test
  void aShellReadsSpecialCharactersFromDemoEnvUnchanged() throws Exception {
    var special = "it's $HOME `x` \"quoted\"";
    Files.writeString(folder.resolve("demo.env"), DemoEnv.render(Map.of("DEMO_PASSWORD", special)));

    var command = List.of("sh", "-c", ". ./demo.env; printf %s \"$DEMO_PASSWORD\"");
    assertThat(Command.run(folder, command)).isEqualTo(special);
  }

  @Test
  void theOrderToCopyIsValidShell() {
    var commands =
        Banner.curl(".local/demo.env", "{\"items\":[{\"sku\":\"A-1\",\"quantity\":1}]}", false);
    assertThat(Command.run(folder, List.of("sh", "-n", "-c", commands))).isEmpty();
  }
}
