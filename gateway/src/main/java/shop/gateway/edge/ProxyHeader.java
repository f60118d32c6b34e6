package shop.gateway.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the PROXY header of one connection, which is closed if the header is malformed, too large
 * or late. A header without an address (LOCAL, with which load balancers check the health of a
 * server, UNKNOWN, or a UNIX socket) leaves that of the connection.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {

  private static final Logger log = LoggerFactory.getLogger(ProxyHeader.class);
  private static final String NAME = "shop.proxy-header";

  /** Bytes of all extensions (TLVs) of version 2; a certificate's names fit. */
  private static final int MAX_EXTENSIONS = 4096;

  private final Duration timeout;
  private @Nullable Future<?> deadline;

  ProxyHeader(Duration timeout) {
    this.timeout = timeout;
  }

  /** Adds the handlers ahead of all others. */
  void addTo(Channel channel) {
    channel
        .pipeline()
        .addFirst(NAME, this)
        .addFirst("shop.proxy-decoder", new HAProxyMessageDecoder(MAX_EXTENSIONS));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    deadline =
        ctx.executor()
            .schedule(
                () -> refuse(ctx, "no PROXY header within " + timeout.toMillis() + " ms"),
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (!(msg instanceof HAProxyMessage header)) {
      ctx.fireChannelRead(msg);
      return;
    }
    try {
      accept(ctx, header);
    } finally {
      header.release();
    }
  }

  private void accept(ChannelHandlerContext ctx, HAProxyMessage header) {
    var text = header.sourceAddress();
    boolean named =
        header.command() == HAProxyCommand.PROXY
            && text != null
            && switch (header.proxiedProtocol().addressFamily()) {
              case AF_IPv4, AF_IPv6 -> true;
              case AF_UNIX, AF_UNSPEC -> false;
            };
    @Nullable InetAddress source = named && text != null ? IpAddress.parse(text) : null;
    if (named && source == null) {
      refuse(ctx, "the PROXY header names no address");
      return;
    }
    if (source != null) {
      ProxyProtocol.source(ctx.channel(), source);
    }
    ctx.pipeline().remove(this);
    ctx.read();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    refuse(ctx, "no valid PROXY header: " + cause.getMessage());
  }

  private static void refuse(ChannelHandlerContext ctx, String reason) {
    log.warn("Closing a connection of proxy {}: {}", ctx.channel().remoteAddress(), reason);
    var _ = ctx.close();
  }
}
