package shop.gateway.routing;

import io.netty.handler.codec.CodecException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.client.PrematureCloseException;
import reactor.netty.internal.shaded.reactor.pool.PoolShutdownException;

/** What the failure of a call to a service says about the request. */
final class UpstreamFailures {

  private UpstreamFailures() {}

  /** True if no part of the request was sent. */
  static boolean nothingWasSent(Throwable failure) {
    return failure instanceof ConnectException
        || failure instanceof NoRouteToHostException
        || failure instanceof UnknownHostException;
  }

  /** True if the connection was lost, or the service sent something that is not HTTP. */
  static boolean isConnectionLost(Throwable failure) {
    return failure instanceof IOException;
  }

  /** True if the service broke off a response that it had begun. */
  static boolean isOfBody(Throwable failure) {
    return failure instanceof PrematureCloseException
        || failure instanceof MalformedResponseException;
  }

  /** True if it speaks of the instance: no connection, a lost one, or a timeout. */
  static boolean isOfInstance(Throwable failure) {
    return isConnectionLost(failure)
        || failure instanceof TimeoutException
        || (failure instanceof ResponseStatusException status
            && status.getStatusCode().isSameCodeAs(HttpStatus.GATEWAY_TIMEOUT));
  }

  /**
   * The failure as an {@link IOException}, if it is one of the connection. Netty reports some of
   * these as unchecked exceptions.
   */
  static Throwable classified(Throwable failure) {
    return switch (failure) {
      case AbortedException aborted when AbortedException.isConnectionReset(aborted) ->
          because(
              new ConnectException("The connection was closed before the request was sent"),
              aborted);
      case AbortedException aborted -> new IOException("The connection was closed", aborted);
      case PoolShutdownException shutdown ->
          because(new ConnectException("The pool of unused connections was removed"), shutdown);
      case CodecException malformed -> new MalformedResponseException(malformed);
      // A status that Spring does not know as one, such as 000.
      case IllegalArgumentException malformed -> new MalformedResponseException(malformed);
      default -> failure;
    };
  }

  private static IOException because(IOException failure, Throwable cause) {
    failure.initCause(cause);
    return failure;
  }
}
