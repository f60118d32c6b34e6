package shop.gateway.http1;

import io.netty.channel.Channel;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import shop.gateway.inbound.RequestLimits;

/**
 * Adds the handlers of this package to each HTTP/1.x connection, next to Netty's codec. A
 * connection of HTTP/2 has no such codec and needs none of them.
 */
@Component
final class ClientConnections implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

  private final RequestLimits limits;

  ClientConnections(RequestLimits limits) {
    this.limits = limits;
  }

  @Override
  public void customize(NettyReactiveWebServerFactory factory) {
    factory.addServerCustomizers(
        server -> server.doOnChannelInit((_, channel, _) -> addHandlers(channel)));
  }

  private void addHandlers(Channel channel) {
    var pipeline = channel.pipeline();
    if (pipeline.get(NettyPipeline.HttpCodec) == null) {
      return;
    }
    var timeouts = new RequestTimeouts(limits);
    pipeline.addBefore(NettyPipeline.HttpCodec, "shop.bytes", timeouts.bytes());
    pipeline.addBefore(NettyPipeline.HttpTrafficHandler, "shop.timeouts", timeouts.messages());
    pipeline.addBefore(NettyPipeline.HttpTrafficHandler, "shop.pipelined", new PipelinedRequests());
    pipeline.addBefore(NettyPipeline.HttpTrafficHandler, "shop.http10", new Http10Responses());
    pipeline.addBefore(NettyPipeline.HttpTrafficHandler, "shop.errors", new ErrorBodies());
  }
}
