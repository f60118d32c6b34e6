package shop.bench.orders;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The results as a self-contained HTML file with plots. */
final class Report {

  private static final String STYLE =
      """
      body{font:15px/1.5 system-ui,sans-serif;color:#1d2733;background:#fff;max-width:1060px;margin:32px auto;padding:0 20px}
      h1{font-size:24px}h2{font-size:17px;margin:36px 0 4px}p{color:#3c4957;margin:4px 0 12px}
      pre{background:#f5f7fa;padding:14px;border-radius:8px;overflow-x:auto;font-size:12px;line-height:1.45}
      svg{display:block;width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:#55616f}
      """;

  private Report() {}

  static void write(
      Path file,
      List<Run> runs,
      Map<String, Long> memory,
      Map<Long, Integer> placed,
      Map<Long, Integer> settled)
      throws IOException {
    var html = new StringBuilder(1 << 16);
    html.append("<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width\">")
        .append("<title>Orders under load</title><style>")
        .append(STYLE)
        .append(
            "</style><h1>Orders under load</h1><p>Medians of the runs; POST and settled in milliseconds, ")
        .append(
            "CPU-ms per order over all processes of the platform (in the row of the baseline endpoint: of this endpoint only). Late requests of an open loop found no free connection: if there are any, the measured latencies are too low.</p><pre>")
        .append(escape(table(runs, memory)))
        .append("</pre>");
    html.append(
            "<h2>POST latency</h2><p>One curve per target and loop: the run with the median throughput.</p>")
        .append(Plots.latency(runs));
    html.append("<h2>Accepted orders per second</h2><p>All runs.</p>")
        .append(Plots.throughput(runs));
    for (var run : runs) {
      if (run.target().equals("platform")) {
        html.append("<h2>Placed and settled orders per second</h2>")
            .append(
                "<p>When their events could be read from the topic <code>orders</code>, from the start of the first run.</p>")
            .append(Plots.overTime(runs, placed, settled));
        break;
      }
    }
    html.append("<h2>CPU milliseconds per order, by process</h2>").append(Plots.cpu(runs));
    html.append("</html>\n");
    Files.writeString(file, html);
  }

  private static String table(List<Run> runs, Map<String, Long> memory) {
    var text = new ByteArrayOutputStream();
    Table.print(runs, memory, new PrintStream(text, true, StandardCharsets.UTF_8));
    return text.toString(StandardCharsets.UTF_8).strip();
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
