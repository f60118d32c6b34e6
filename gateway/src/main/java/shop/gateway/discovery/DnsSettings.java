package shop.gateway.discovery;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How instances are found by DNS.
 *
 * @param servers addresses of name servers, {@code 10.0.0.2:53}; those of {@code resolvConf} if
 *     empty
 * @param resolvConf file with name servers, search domains and ndots; read once
 * @param recordTypes of {@code dns+http} names
 * @param interval from the end of a look-up to the beginning of the next; up to a tenth of it is
 *     left out at random
 * @param timeout of one look-up, in which all name servers may be asked
 * @param holdEmpty how long a name must have no record until its last instances are given up
 */
@ConfigurationProperties("shop.gateway.dns")
public record DnsSettings(
    @DefaultValue List<String> servers,
    @DefaultValue("/etc/resolv.conf") Path resolvConf,
    @DefaultValue({"A", "AAAA"}) List<AddressType> recordTypes,
    @DefaultValue("2s") Duration interval,
    @DefaultValue("2s") Duration timeout,
    @DefaultValue("30s") Duration holdEmpty) {

  private static final Pattern SERVER =
      Pattern.compile("\\[?([0-9a-fA-F.:]+?)]?(?::([0-9]{1,5}))?");
  private static final int PORT = 53;
  private static final Duration SHORTEST = Duration.ofMillis(100);

  /** A record type of addresses. */
  public enum AddressType {
    /** IPv4. */
    A,
    /** IPv6. */
    AAAA
  }

  /** Checks the values. */
  public DnsSettings {
    servers = List.copyOf(servers);
    recordTypes = List.copyOf(recordTypes);
    servers.forEach(DnsSettings::server);
    if (recordTypes.isEmpty()) {
      throw new IllegalArgumentException("record-types is empty; use A, AAAA or both");
    }
    requireAtLeast("interval", interval, SHORTEST);
    requireAtLeast("timeout", timeout, SHORTEST);
    requireAtLeast("hold-empty", holdEmpty, Duration.ZERO);
  }

  private static void requireAtLeast(String name, Duration time, Duration least) {
    if (time.compareTo(least) < 0) {
      throw new IllegalArgumentException(
          "shop.gateway.dns.%s is %s; allowed is %s and more".formatted(name, time, least));
    }
  }

  /** The file's settings with the servers that are given instead of its own. */
  ResolvConf resolution() {
    var file = ResolvConf.read(resolvConf);
    return servers.isEmpty()
        ? file
        : new ResolvConf(
            servers.stream().map(DnsSettings::server).toList(), file.search(), file.ndots());
  }

  private static InetSocketAddress server(String text) {
    var parts = SERVER.matcher(text);
    try {
      if (parts.matches()) {
        var port = parts.group(2);
        return new InetSocketAddress(
            InetAddress.ofLiteral(parts.group(1)), port == null ? PORT : Integer.parseInt(port));
      }
    } catch (IllegalArgumentException _) {
      // Reported below.
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' in shop.gateway.dns.servers is no name server; use an address and a port, such as"
            + " 10.0.0.2:53 or [fd00::2]:53");
  }
}
