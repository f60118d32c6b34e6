package shop.gateway.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The records that a name server has for a name and type.
 *
 * @param addresses of A and AAAA records
 * @param services of SRV records
 * @param additional addresses of the services' targets that it sent along, by target
 */
record DnsAnswer(
    List<InetAddress> addresses,
    List<ServiceRecord> services,
    Map<String, List<InetAddress>> additional) {

  static final DnsAnswer EMPTY = new DnsAnswer(List.of(), List.of(), Map.of());

  /**
   * An SRV record (RFC 2782).
   *
   * @param target full name, with a dot at its end, in lower case
   */
  record ServiceRecord(int priority, int weight, int port, String target) {}

  boolean isEmpty() {
    return addresses.isEmpty() && services.isEmpty();
  }

  /**
   * Reads the answer to a question of the given type. Records of other types, such as the CNAMEs on
   * the way, are left out.
   *
   * @throws IllegalArgumentException if a record is malformed
   */
  static DnsAnswer of(DnsResponse response, DnsRecordType type) {
    var addresses = new ArrayList<InetAddress>();
    var services = new ArrayList<ServiceRecord>();
    var additional = new HashMap<String, List<InetAddress>>();
    try {
      for (var record : records(response, DnsSection.ANSWER)) {
        if (!record.type().equals(type)) {
          continue;
        }
        if (type.equals(DnsRecordType.SRV)) {
          services.add(service(record.content().duplicate()));
        } else {
          addresses.add(address(record));
        }
      }
      for (var record : records(response, DnsSection.ADDITIONAL)) {
        if (isAddress(record.type())) {
          additional
              .computeIfAbsent(record.name().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
              .add(address(record));
        }
      }
    } catch (UnknownHostException | RuntimeException e) {
      throw new IllegalArgumentException("The answer contains a malformed record", e);
    }
    addresses.removeIf(DnsAnswer::isNoHost);
    return new DnsAnswer(List.copyOf(addresses), List.copyOf(services), Map.copyOf(additional));
  }

  private static List<DnsRawRecord> records(DnsResponse response, DnsSection section) {
    var records = new ArrayList<DnsRawRecord>();
    for (int n = 0; n < response.count(section); n++) {
      if (response.recordAt(section, n) instanceof DnsRawRecord record) {
        records.add(record);
      }
    }
    return records;
  }

  private static boolean isAddress(DnsRecordType type) {
    return type.equals(DnsRecordType.A) || type.equals(DnsRecordType.AAAA);
  }

  /** Filters answer with 0.0.0.0, which would be this machine. */
  private static boolean isNoHost(InetAddress address) {
    return address.isAnyLocalAddress() || address.isMulticastAddress();
  }

  private static InetAddress address(DnsRawRecord record) throws UnknownHostException {
    var content = record.content();
    byte[] bytes = new byte[content.readableBytes()];
    content.getBytes(content.readerIndex(), bytes);
    return InetAddress.getByAddress(bytes);
  }

  private static ServiceRecord service(ByteBuf content) {
    return new ServiceRecord(
        content.readUnsignedShort(),
        content.readUnsignedShort(),
        content.readUnsignedShort(),
        DefaultDnsRecordDecoder.decodeName(content).toLowerCase(Locale.ROOT));
  }
}
