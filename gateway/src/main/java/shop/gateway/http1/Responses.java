package shop.gateway.http1;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/** Tells from the messages of a connection when a response ends; 1xx responses do not count. */
final class Responses {

  private boolean informational;

  /** True if the message ends a response. To be called with every outbound message. */
  boolean endsWith(Object message) {
    if (message instanceof HttpResponse response) {
      informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
    return message instanceof LastHttpContent && !informational;
  }
}
