package shop.gateway.http1;

import io.netty.channel.Channel;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import shop.gateway.edge.NegotiatedProtocol;
import shop.gateway.edge.TlsSettings;
import shop.gateway.http2.FrameLimits;
import shop.gateway.http2.UnfinishedRequests;
import shop.gateway.inbound.MalformedBodies;
import shop.gateway.inbound.RequestLimits;

/**
 * Adds the handlers of this package to each HTTP/1.x connection, next to Netty's codec, and those
 * of the package http2 to each HTTP/2 connection.
 */
@Component
final class ClientConnections implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

  private final RequestLimits limits;
  private final TlsSettings tls;
  private final Stopping stopping;

  ClientConnections(RequestLimits limits, TlsSettings tls, Stopping stopping) {
    this.limits = limits;
    this.tls = tls;
    this.stopping = stopping;
  }

  @Override
  public void customize(NettyReactiveWebServerFactory factory) {
    factory.addServerCustomizers(server ->
        server.doOnChannelInit((_, channel, _) ->
            NegotiatedProtocol.onceKnown(channel, this::addHandlers, this::addHttp2Handlers)));
  }

  private void addHttp2Handlers(Channel channel) {
    var pipeline = channel.pipeline();
    var frames = new FrameLimits(limits.headTimeout(), tls.maxControlFrames());
    pipeline.addBefore(NettyPipeline.HttpCodec, "shop.frames", frames);
    pipeline.addBefore(
        NettyPipeline.H2MultiplexHandler, "shop.unfinished", new UnfinishedRequests());
  }

  private void addHandlers(Channel channel) {
    var pipeline = channel.pipeline();
    var timeouts = new RequestTimeouts(limits);
    pipeline.addBefore(NettyPipeline.HttpCodec, "shop.bytes", timeouts.bytes());
    pipeline.addBefore(NettyPipeline.HttpTrafficHandler, "shop.timeouts", timeouts.messages());
    pipeline.addBefore(NettyPipeline.HttpTrafficHandler, "shop.pipelined", new PipelinedRequests());
    pipeline.addBefore(NettyPipeline.HttpTrafficHandler, "shop.http10", new Http10Responses());
    pipeline.addBefore(NettyPipeline.HttpTrafficHandler, "shop.errors", new ErrorBodies());
    pipeline.addBefore(NettyPipeline.HttpTrafficHandler, "shop.bodies", new MalformedBodies());
    pipeline.addBefore(
        NettyPipeline.HttpTrafficHandler, "shop.last", new LastResponses(stopping::begun));
  }
}
