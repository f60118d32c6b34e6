package shop.gateway.discovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How names are looked up, as resolv.conf(5) defines it; Docker and Kubernetes write the file.
 *
 * @param servers in the order in which they are asked
 * @param search domains that a name of fewer than {@code ndots} dots is looked up in first
 */
record ResolvConf(List<InetSocketAddress> servers, List<String> search, int ndots) {

  private static final Logger log = LoggerFactory.getLogger(ResolvConf.class);
  private static final int PORT = 53;
  private static final int MAX_SERVERS = 3;
  private static final int MAX_SEARCH = 32;
  private static final int MAX_NDOTS = 15;
  private static final String NDOTS = "ndots:";

  /** Reads the file; without it, the name server is that of this machine. */
  static ResolvConf read(Path file) {
    try {
      return parse(Files.readAllLines(file));
    } catch (IOException e) {
      log.warn("{} cannot be read; the name server is 127.0.0.1: {}", file, e.toString());
      return parse(List.of());
    }
  }

  static ResolvConf parse(List<String> lines) {
    var servers = new ArrayList<InetSocketAddress>();
    List<String> search = List.of();
    int ndots = 1;
    for (var line : lines) {
      var words = List.of(line.strip().split("\\s+"));
      var values = words.subList(1, words.size());
      switch (words.getFirst()) {
        case "nameserver" ->
            values.stream().limit(1).flatMap(ResolvConf::server).forEach(servers::add);
        case "search", "domain" -> search = values.stream().limit(MAX_SEARCH).toList();
        case "options" -> ndots = ndots(values).orElse(ndots);
        default -> {}
      }
    }
    return new ResolvConf(
        servers.isEmpty()
            ? List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT))
            : servers.stream().limit(MAX_SERVERS).toList(),
        search,
        ndots);
  }

  private static Stream<InetSocketAddress> server(String address) {
    try {
      return Stream.of(new InetSocketAddress(InetAddress.ofLiteral(address), PORT));
    } catch (IllegalArgumentException _) {
      return Stream.of();
    }
  }

  private static Optional<Integer> ndots(List<String> options) {
    return options.stream()
        .filter(option -> option.matches(NDOTS + "[0-9]{1,3}"))
        .map(option -> Integer.parseInt(option.substring(NDOTS.length())))
        .map(number -> Math.min(number, MAX_NDOTS))
        .findFirst();
  }

  /** The full names to look up for a name, until one has records. */
  List<String> candidates(String name) {
    if (name.endsWith(".")) {
      return List.of(name);
    }
    var searched = search.stream().map(domain -> name + "." + domain);
    boolean asIsFirst = name.chars().filter(c -> c == '.').count() >= ndots;
    return (asIsFirst
            ? Stream.concat(Stream.of(name), searched)
            : Stream.concat(searched, Stream.of(name)))
        .map(candidate -> candidate.endsWith(".") ? candidate : candidate + ".")
        .distinct()
        .toList();
  }
}
