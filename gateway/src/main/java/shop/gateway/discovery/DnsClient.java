package shop.gateway.discovery;

import io.netty.channel.AddressedEnvelope;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Looks names up at the name servers, past the caches of the JDK and of the HTTP client, on a
 * thread of its own. Queries go over UDP, and over TCP if the answer is too long for it.
 *
 * <p>Netty's own resolution is not used but for single queries: it does not tell "there is no such
 * name" from "the name server reports an error", and takes a later search domain's "no such name"
 * for the answer.
 */
@Component
final class DnsClient implements DisposableBean {

  private final ResolvConf conf;
  private final DnsSettings settings;
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("dns-discovery", true), NioIoHandler.newFactory());
  private final Scheduler scheduler = Schedulers.fromExecutorService(loop);
  private final SingletonSupplier<DnsNameResolver> resolver = SingletonSupplier.of(this::resolver);

  DnsClient(DnsSettings settings) {
    this.settings = settings;
    this.conf = settings.resolution();
  }

  /** Each name server may be asked before the look-up times out. */
  private DnsNameResolver resolver() {
    return new DnsNameResolverBuilder(loop.next())
        .datagramChannelType(NioDatagramChannel.class)
        .socketChannelType(NioSocketChannel.class)
        .queryTimeoutMillis(settings.timeout().toMillis() / (conf.servers().size() + 1))
        .build();
  }

  /** Runs tasks on the thread of the look-ups. */
  Scheduler scheduler() {
    return scheduler;
  }

  /**
   * Looks a name up: in the search domains, if it has few dots, until one has records. Empty if
   * none has. Fails with {@link LookUpFailedException}; a domain whose look-up fails ends the
   * search, because the name may mean something else in a later one.
   */
  Mono<DnsAnswer> lookUp(String name, DnsRecordType type) {
    return Flux.fromIterable(conf.candidates(name))
        .concatMap(candidate -> ask(candidate, type), 1)
        .filter(answer -> !answer.isEmpty())
        .next()
        .defaultIfEmpty(DnsAnswer.EMPTY)
        .timeout(
            settings.timeout(),
            Mono.error(() -> failed("no answer within " + settings.timeout(), name, type, null)),
            scheduler);
  }

  /** Asks one server after another until one knows. */
  private Mono<DnsAnswer> ask(String name, DnsRecordType type) {
    var servers = conf.servers();
    var answer = query(servers.getFirst(), name, type);
    for (var server : servers.subList(1, servers.size())) {
      answer = answer.onErrorResume(_ -> query(server, name, type));
    }
    return answer;
  }

  private Mono<DnsAnswer> query(InetSocketAddress server, String name, DnsRecordType type) {
    return Mono.create(sink -> {
      var query = resolver.obtain().query(server, new DefaultDnsQuestion(name, type));
      sink.onCancel(() -> query.cancel(false));
      query.addListener((Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> done) -> {
        if (done.isCancelled()) {
          return;
        }
        try {
          sink.success(read(done, server, name, type));
        } catch (RuntimeException e) {
          sink.error(e);
        }
      });
    });
  }

  private static DnsAnswer read(
      Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> done,
      InetSocketAddress server,
      String name,
      DnsRecordType type) {
    if (!done.isSuccess()) {
      throw failed(server + " does not respond", name, type, done.cause());
    }
    var envelope = done.getNow();
    try {
      var response = envelope.content();
      var code = response.code();
      if (code.equals(DnsResponseCode.NXDOMAIN)) {
        return DnsAnswer.EMPTY;
      }
      if (!code.equals(DnsResponseCode.NOERROR)) {
        throw failed(server + " responds with " + code, name, type, null);
      }
      if (response.isTruncated()) {
        throw failed(
            server + " has an answer too long for UDP and does not respond over TCP",
            name,
            type,
            null);
      }
      return DnsAnswer.of(response, type);
    } finally {
      envelope.release();
    }
  }

  private static LookUpFailedException failed(
      String reason, String name, DnsRecordType type, @Nullable Throwable cause) {
    return new LookUpFailedException(type.name() + " of " + name + ": " + reason, cause);
  }

  @Override
  public void destroy() {
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
