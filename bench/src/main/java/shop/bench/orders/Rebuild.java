package shop.bench.orders;

import java.io.IOException;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * Lets order-service fill Redis anew from the log, and measures how fast records are applied while
 * it does.
 */
public final class Rebuild {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  private static final Duration GIVE_UP = Duration.ofMinutes(10);

  private Rebuild() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var shop = new Shop(System.getenv());
    shop.askForRebuild();
    long asked = System.nanoTime();
    awaitPhase(shop, asked, false);
    long began = 0;
    long ended = 0;
    JsonNode report = shop.projection();
    while (!report.get("phase").asString().equals("OPEN")) {
      long applied = report.get("applied").asLong();
      long total = report.get("total").asLong();
      if (began == 0 && total > 0 && applied < total) {
        began = System.nanoTime();
      }
      if (ended == 0 && began > 0 && applied >= total) {
        ended = System.nanoTime();
        print(total, began, ended);
      }
      if (System.nanoTime() - asked > GIVE_UP.toNanos()) {
        throw new IOException("Redis is still " + report.get("phase") + " after " + GIVE_UP);
      }
      Thread.sleep(BETWEEN_LOOKS);
      report = shop.projection();
    }
    System.out.printf("orders are taken again %.1f s after the wipe%n", seconds(asked));
  }

  private static void awaitPhase(Shop shop, long asked, boolean open)
      throws IOException, InterruptedException {
    while (shop.projection().get("phase").asString().equals("OPEN") != open) {
      if (System.nanoTime() - asked > GIVE_UP.toNanos()) {
        throw new IOException("Nobody began to fill Redis");
      }
      Thread.sleep(BETWEEN_LOOKS);
    }
  }

  private static void print(long records, long began, long ended) {
    double took = (ended - began) / 1e9;
    System.out.printf("%,d records in %.1f s: %,.0f records/s%n", records, took, records / took);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
