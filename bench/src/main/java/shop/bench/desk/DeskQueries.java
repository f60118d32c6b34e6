package shop.bench.desk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;

/** An admin's queries: pages with every combination of filters, deep pages, text searches. */
final class DeskQueries {

  private static final int TEXTS = 40;

  private final Random random = new Random(7);
  private final int entries;

  DeskQueries(int entries) {
    this.entries = entries;
  }

  /** Each of the 32 combinations of service, topic, group, state and time, {@code times} times. */
  List<String> pages(int times) {
    var paths = new ArrayList<String>();
    for (int i = 0; i < 32 * times; i++) {
      var query = new ArrayList<String>();
      query.add("limit=" + (random.nextBoolean() ? 50 : 200));
      if ((i & 1) != 0) {
        query.add("service=" + service());
      }
      if ((i & 2) != 0) {
        query.add("topic=" + (random.nextBoolean() ? "payments" : "order-commands"));
      }
      if ((i & 4) != 0) {
        query.add("group=" + (random.nextInt(4) == 0 ? "nobody" : service() + "-view"));
      }
      if ((i & 8) != 0) {
        query.add(
            switch (random.nextInt(3)) {
              case 0 -> "state=FAILED";
              case 1 -> "state=DISCARDED,RESOLVED";
              default -> "state=RETRY_PENDING";
            });
      }
      if ((i & 16) != 0) {
        var from = DeadLetters.FIRST.plus(Duration.ofSeconds(random.nextLong(entries * 9L)));
        query.add("from=" + from);
        query.add("to=" + from.plus(Duration.ofHours(1 + random.nextInt(100))));
      }
      paths.add("/admin/dlq?" + String.join("&", query));
    }
    Collections.shuffle(paths, random);
    return paths;
  }

  private String service() {
    return DeadLetters.SERVICES.get(random.nextInt(DeadLetters.SERVICES.size()));
  }

  /** Consecutive pages, starting with the first. */
  static List<String> deep(DeskAdmin admin, int pages) throws IOException, InterruptedException {
    var paths = new ArrayList<String>();
    var cursor = "";
    for (int i = 0; i < pages; i++) {
      var path = "/admin/dlq?limit=200" + cursor;
      paths.add(path);
      cursor = "&cursor=" + admin.get(path).at("/nextCursor").asString();
    }
    return paths;
  }

  /**
   * Texts that occur in few, many, all and no entries; the parts of the last text occur in every
   * entry.
   */
  Map<String, List<String>> texts(List<String> orders) {
    Map<String, List<String>> texts = new LinkedHashMap<>();
    texts.put("an order", text(i -> orders.get(i * (orders.size() / TEXTS))));
    texts.put("a name", text(i -> "customer " + Integer.toString(i * (entries / TEXTS), 36)));
    texts.put("four hex digits", text(i -> "%04x".formatted(i * 1601)));
    texts.put("in all entries", text(_ -> "eur"));
    texts.put("in no entry", text(i -> "nowhere at all " + i));
    texts.put("five letters, in no entry", text(i -> "xyq" + (char) ('a' + i % 26) + "k"));
    texts.put("three letters, in no entry", text(i -> "zq" + (char) ('a' + i % 26)));
    texts.put("only in parts, in all entries", text(i -> "eur\"},\"currency".substring(i % 4)));
    return texts;
  }

  private static List<String> text(IntFunction<String> text) {
    var paths = new ArrayList<String>();
    for (int i = 0; i < TEXTS; i++) {
      paths.add("/admin/dlq?text=" + URLEncoder.encode(text.apply(i), UTF_8));
    }
    return paths;
  }
}
