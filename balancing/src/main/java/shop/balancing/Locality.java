package shop.balancing;

/**
 * Where an instance or a client is.
 *
 * @param region empty if unknown
 * @param zone within the region, empty if unknown
 */
public record Locality(String region, String zone) {
  public static final Locality UNKNOWN = new Locality("", "");
}
