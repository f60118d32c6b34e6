package shop.gateway.discovery;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsOpCode;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryDecoder;
import io.netty.handler.codec.dns.TcpDnsResponseEncoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A name server on loopback, over UDP and TCP, whose records a test changes. */
public final class NameServer implements AutoCloseable {

  private static final int TTL = 600;
  private static final int FIT_INTO_A_DATAGRAM = 20;

  private record Key(String name, DnsRecordType type) {}

  private final Map<Key, List<byte[]>> records = new ConcurrentHashMap<>();
  private final Map<String, DnsResponseCode> failing = new ConcurrentHashMap<>();
  private final Set<String> silent = ConcurrentHashMap.newKeySet();
  private final List<String> queries = new CopyOnWriteArrayList<>();
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel tcp;
  private final Channel udp;

  public NameServer() {
    tcp =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new TcpDnsQueryDecoder(), new TcpDnsResponseEncoder(), new OverTcp());
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
    udp =
        new Bootstrap()
            .group(loop)
            .channel(NioDatagramChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new DatagramDnsQueryDecoder(),
                            new DatagramDnsResponseEncoder(),
                            new OverUdp());
                  }
                })
            .bind(tcp.localAddress())
            .syncUninterruptibly()
            .channel();
  }

  /** As a setting: address and port. */
  public String address() {
    return "127.0.0.1:" + ((InetSocketAddress) tcp.localAddress()).getPort();
  }

  /** Replaces the A records of a full name, without a dot at its end. */
  public void a(String name, String... addresses) {
    put(name, DnsRecordType.A, Arrays.stream(addresses).map(NameServer::bytes).toList());
  }

  /** Replaces the AAAA records. */
  public void aaaa(String name, String... addresses) {
    put(name, DnsRecordType.AAAA, Arrays.stream(addresses).map(NameServer::bytes).toList());
  }

  /** Replaces the SRV records, each of the form {@code priority weight port target}. */
  public void srv(String name, String... services) {
    put(name, DnsRecordType.SRV, Arrays.stream(services).map(NameServer::service).toList());
  }

  /** The name exists no more: NXDOMAIN. */
  public void remove(String name) {
    records.keySet().removeIf(key -> key.name().equals(name + "."));
  }

  /** Queries for the name fail with the code. */
  public void fail(String name, DnsResponseCode code) {
    failing.put(name + ".", code);
  }

  /** Queries for the name are not answered. */
  public void silence(String name) {
    silent.add(name + ".");
  }

  /** Queries for the name are answered again. */
  public void heal(String name) {
    failing.remove(name + ".");
    silent.remove(name + ".");
  }

  /** How often the name was asked for since it started. */
  public long queries(String name) {
    return queries.stream().filter((name + ".")::equals).count();
  }

  private void put(String name, DnsRecordType type, List<byte[]> data) {
    records.put(new Key(name + ".", type), data);
  }

  private static byte[] bytes(String address) {
    return InetAddress.ofLiteral(address).getAddress();
  }

  private static byte[] service(String text) {
    var words = text.split(" ", -1);
    ByteBuf data = Unpooled.buffer();
    for (int n = 0; n < 3; n++) {
      data.writeShort(Integer.parseInt(words[n]));
    }
    for (var label : words[3].split("\\.", -1)) {
      data.writeByte(label.length()).writeCharSequence(label, StandardCharsets.US_ASCII);
    }
    data.writeByte(0);
    byte[] bytes = new byte[data.readableBytes()];
    data.readBytes(bytes);
    return bytes;
  }

  private boolean answers(DnsQuestion question) {
    queries.add(question.name());
    return !silent.contains(question.name());
  }

  private void fill(DnsResponse response, DnsQuestion question, int fit) {
    response.addRecord(
        DnsSection.QUESTION, new DefaultDnsQuestion(question.name(), question.type()));
    var failure = failing.get(question.name());
    if (failure != null) {
      response.setCode(failure);
      return;
    }
    var found = records.getOrDefault(new Key(question.name(), question.type()), List.of());
    if (found.isEmpty()
        && records.keySet().stream().noneMatch(key -> key.name().equals(question.name()))) {
      response.setCode(DnsResponseCode.NXDOMAIN);
    } else if (found.size() > fit) {
      response.setTruncated(true);
    } else {
      var shuffled = new ArrayList<>(found);
      java.util.Collections.shuffle(shuffled);
      shuffled.forEach(data ->
          response.addRecord(
              DnsSection.ANSWER,
              new DefaultDnsRawRecord(
                  question.name(), question.type(), TTL, Unpooled.wrappedBuffer(data))));
    }
  }

  @Override
  public void close() {
    udp.close().syncUninterruptibly();
    tcp.close().syncUninterruptibly();
    loop.shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
  }

  private final class OverUdp extends SimpleChannelInboundHandler<DatagramDnsQuery> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
      DnsQuestion question = query.recordAt(DnsSection.QUESTION);
      if (answers(question)) {
        var response =
            new DatagramDnsResponse(
                /* sender= */ query.recipient(), /* recipient= */ query.sender(), query.id());
        fill(response, question, FIT_INTO_A_DATAGRAM);
        var _ = context.writeAndFlush(response);
      }
    }
  }

  private final class OverTcp extends SimpleChannelInboundHandler<DnsQuery> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DnsQuery query) {
      DnsRecord question = query.recordAt(DnsSection.QUESTION);
      var response = new DefaultDnsResponse(query.id(), DnsOpCode.QUERY, DnsResponseCode.NOERROR);
      fill(response, (DnsQuestion) question, Integer.MAX_VALUE);
      var _ = context.writeAndFlush(response);
    }
  }
}
