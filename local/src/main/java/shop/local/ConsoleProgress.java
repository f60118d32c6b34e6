package shop.local;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What a person sees while things happen: a line a component when it is ready, and, on a terminal
 * that can, a line below that says what is awaited.
 */
final class ConsoleProgress {
  private static final int NAME_WIDTH = 22;
  private static final int LINE_WIDTH = 76;
  private static final String ERASE_LINE = "\r\u001b[K";
  private static final String GREEN = "32";
  private static final String RED = "31";
  private static final String BOLD = "1";
  private static final String SOFT = "2";

  private final PrintStream out;
  private final boolean fancy;
  private final boolean unicode;
  private final Set<String> awaited = new LinkedHashSet<>();

  ConsoleProgress(PrintStream out, boolean fancy, Charset charset) {
    this.out = out;
    this.fancy = fancy;
    this.unicode = charset.newEncoder().canEncode("✓✗→…");
  }

  /** Standard output; bin/launcher says whether it is a terminal. */
  static ConsoleProgress terminal() {
    var environment = System.getenv();
    var fancy =
        Boolean.getBoolean("shop.terminal")
            && !"dumb".equals(environment.getOrDefault("TERM", "dumb"))
            && !environment.containsKey("NO_COLOR");
    return new ConsoleProgress(System.out, fancy, System.out.charset());
  }

  static ConsoleProgress silent() {
    return new ConsoleProgress(
        new PrintStream(java.io.OutputStream.nullOutputStream()), false, Charset.defaultCharset());
  }

  synchronized void begin(String name) {
    awaited.add(name);
    showAwaited();
  }

  synchronized void done(String name, Duration time) {
    done(name, seconds(time));
  }

  synchronized void done(String name, String result) {
    awaited.remove(name);
    line(
        "  %s %s %s"
            .formatted(
                paint(GREEN, unicode ? "✓" : "ok"),
                name + " ".repeat(Math.max(0, NAME_WIDTH - name.length())),
                paint(SOFT, result)));
  }

  /** Says that something was done without. */
  synchronized void note(String sentence) {
    line("  " + paint(SOFT, "- " + sentence));
  }

  synchronized void title(String text) {
    line("");
    line(paint(BOLD, text));
  }

  synchronized void line(String text) {
    if (fancy) {
      out.print(ERASE_LINE);
    }
    out.println(unicode ? text : plain(text));
    showAwaited();
  }

  synchronized void failed(String sentence) {
    awaited.clear();
    line("");
    line("  " + paint(RED, unicode ? "✗" : "FAILED") + " " + sentence);
  }

  private void showAwaited() {
    if (fancy && !awaited.isEmpty()) {
      var text = "    waiting for " + String.join(", ", awaited);
      var cut = text.length() > LINE_WIDTH ? text.substring(0, LINE_WIDTH - 2) + " …" : text;
      out.print(ERASE_LINE + paint(SOFT, unicode ? cut : plain(cut)));
      out.flush();
    }
  }

  String bold(String text) {
    return paint(BOLD, text);
  }

  String soft(String text) {
    return paint(SOFT, text);
  }

  private String paint(String code, String text) {
    return fancy ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  private static String plain(String text) {
    return text.replace("→", "->").replace("…", "...").replace("✓", "ok").replace("·", "-");
  }

  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }
}
