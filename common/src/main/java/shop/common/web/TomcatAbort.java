package shop.common.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.springframework.boot.tomcat.TomcatContextCustomizer;

/**
 * Gives each request a way to leave the rest of its body unread: Tomcat otherwise reads it before
 * it closes the connection, as slowly as the client sends it.
 */
final class TomcatAbort implements TomcatContextCustomizer {

  /** The request attribute with the {@link Runnable}. */
  static final String ATTRIBUTE = "shop.abort-body";

  @Override
  public void customize(Context context) {
    context.getPipeline().addValve(new AbortValve());
  }

  private static final class AbortValve extends ValveBase {

    private static final boolean ASYNC_SUPPORTED = true;

    AbortValve() {
      super(ASYNC_SUPPORTED);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      var coyote = request.getCoyoteRequest();
      Runnable abort = () -> coyote.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
      request.setAttribute(ATTRIBUTE, abort);
      getNext().invoke(request, response);
    }
  }
}
