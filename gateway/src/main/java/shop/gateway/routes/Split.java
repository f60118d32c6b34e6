package shop.gateway.routes;

import java.util.HashSet;
import java.util.List;
import org.springframework.web.server.ServerWebExchange;
import shop.balancing.Hashing;
import shop.gateway.inbound.Requester;

/**
 * A division of the customers among sides by weighted rendezvous hashing (Thaler and Ravishankar,
 * 1998; with weights: Schindelhauer and Schomaker, 2005): a customer is on the side with the least
 * {@code −ln(u) / weight}, where {@code u} is the hash of customer, split and side as a number from
 * 0 to 1. So every gateway decides alike, before and after a restart, nothing is remembered, and a
 * side whose weight grows takes customers from the others but none moves between these.
 */
final class Split {

  private static final double TWO_POW_53 = 0x1p53;
  private static final int UNUSED_BITS = 11;
  private static final double WHOLE = 100;
  private static final double ROUNDING = 1e-9;

  /**
   * A side.
   *
   * @param percent of the customers, 0 to 100
   */
  record Side(String name, double percent, long salt) {}

  private final String name;
  private final List<Side> sides;

  private Split(String name, List<Side> sides) {
    this.name = name;
    this.sides = sides;
  }

  /**
   * The split of that name.
   *
   * @param sides of the form {@code SIDE=PERCENT}
   * @throws IllegalArgumentException if a side is malformed or occurs twice, or the sum is not 100
   */
  static Split of(String name, List<String> sides) {
    var parsed = sides.stream().map(side -> side(name, side)).toList();
    var names = new HashSet<String>();
    parsed.forEach(side -> {
      if (!names.add(side.name())) {
        throw new IllegalArgumentException("side " + side.name() + " occurs twice");
      }
    });
    double sum = parsed.stream().mapToDouble(Side::percent).sum();
    if (Math.abs(sum - WHOLE) > ROUNDING) {
      throw new IllegalArgumentException(
          "the sides have %s %% together, not 100".formatted(plain(sum)));
    }
    return new Split(name, parsed);
  }

  private static Side side(String split, String text) {
    var parts = text.split("=", 2);
    try {
      double percent = Double.parseDouble(parts.length == 2 ? parts[1].strip() : "");
      if (!parts[0].isBlank() && percent >= 0 && percent <= WHOLE) {
        var name = parts[0].strip();
        return new Side(name, percent, Hashing.of(split + "\0" + name));
      }
    } catch (NumberFormatException _) {
      // Answered below.
    }
    throw new IllegalArgumentException(
        "'" + text + "' is no side; the form is SIDE=PERCENT, 0 to 100");
  }

  private static String plain(double percent) {
    return percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent);
  }

  String name() {
    return name;
  }

  List<Side> sides() {
    return sides;
  }

  /** The index of the side that the customer of a request is on. */
  int side(ServerWebExchange exchange) {
    return side(Requester.of(exchange));
  }

  /** The index of a customer's side. */
  int side(String customer) {
    long hash = Hashing.of(customer);
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < sides.size(); i++) {
      var side = sides.get(i);
      double u = ((Hashing.mix(hash ^ side.salt()) >>> UNUSED_BITS) + 0.5) / TWO_POW_53;
      // StrictMath: the same on every machine.
      double score =
          side.percent() == 0 ? Double.POSITIVE_INFINITY : -StrictMath.log(u) / side.percent();
      if (score < least) {
        least = score;
        best = i;
      }
    }
    return best;
  }

  /** The index of the side of that name; -1 if there is none. */
  int indexOf(String side) {
    for (int i = 0; i < sides.size(); i++) {
      if (sides.get(i).name().equals(side)) {
        return i;
      }
    }
    return -1;
  }
}
