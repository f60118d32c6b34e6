package shop.local.launch;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import shop.local.StartListener;

/**
 * Shows the progress of a start: one line per component that is ready and, on a terminal with
 * escape sequences, a last line with the components that are still starting.
 */
final class ConsoleProgress implements StartListener {
  private static final int NAME_WIDTH = 22;
  private static final int LINE_WIDTH = 76;
  private static final String ERASE_LINE = "\r\u001b[K";
  private static final String GREEN = "32";
  private static final String RED = "31";
  private static final String BOLD = "1";
  private static final String DIM = "2";

  private final PrintStream out;
  private final boolean ansi;
  private final boolean unicode;
  private final Set<String> pending = new LinkedHashSet<>();

  ConsoleProgress(PrintStream out, boolean ansi, Charset charset) {
    this.out = out;
    this.ansi = ansi;
    this.unicode = charset.newEncoder().canEncode("✓✗→…");
  }

  /** Standard output; bin/launcher sets shop.terminal if it is a terminal. */
  static ConsoleProgress terminal() {
    var environment = System.getenv();
    var ansi =
        Boolean.getBoolean("shop.terminal")
            && !"dumb".equals(environment.getOrDefault("TERM", "dumb"))
            && !environment.containsKey("NO_COLOR");
    return new ConsoleProgress(System.out, ansi, System.out.charset());
  }

  @Override
  public synchronized void begin(String name) {
    pending.add(name);
    showPending();
  }

  @Override
  public synchronized void done(String name, Duration time) {
    done(name, name, seconds(time));
  }

  /** Something is complete that was not begun here; shows a detail instead of its duration. */
  synchronized void done(String label, String detail) {
    done(label, label, detail);
  }

  /**
   * A step is complete, and is shown under a label of its own.
   *
   * @param name with which it began
   */
  synchronized void done(String name, String label, String detail) {
    pending.remove(name);
    line(
        "  %s %s %s"
            .formatted(
                paint(GREEN, unicode ? "✓" : "ok"),
                label + " ".repeat(Math.max(0, NAME_WIDTH - label.length())),
                paint(DIM, detail)));
  }

  @Override
  public synchronized void note(String sentence) {
    line("  " + paint(DIM, "- " + sentence));
  }

  @Override
  public synchronized void title(String text) {
    line("");
    line(paint(BOLD, text));
  }

  synchronized void line(String text) {
    if (ansi) {
      out.print(ERASE_LINE);
    }
    out.println(unicode ? text : plain(text));
    showPending();
  }

  /** Something has happened to a component; the rest goes on. */
  synchronized void warning(String sentence) {
    line("  " + paint(RED, "!") + " " + sentence);
  }

  synchronized void failed(String sentence) {
    pending.clear();
    line("");
    line("  " + paint(RED, unicode ? "✗" : "FAILED") + " " + sentence);
  }

  private void showPending() {
    if (ansi && !pending.isEmpty()) {
      var text = "    waiting for " + String.join(", ", pending);
      var cut = text.length() > LINE_WIDTH ? text.substring(0, LINE_WIDTH - 2) + " …" : text;
      out.print(ERASE_LINE + paint(DIM, unicode ? cut : plain(cut)));
      out.flush();
    }
  }

  String bold(String text) {
    return paint(BOLD, text);
  }

  String dim(String text) {
    return paint(DIM, text);
  }

  private String paint(String code, String text) {
    return ansi ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  private static String plain(String text) {
    return text.replace("→", "->").replace("…", "...").replace("✓", "ok").replace("·", "-");
  }

  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }
}
