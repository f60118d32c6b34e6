package shop.sandbox.fault;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** The open connections, for faults that break them. */
@Component
public final class Connections
    implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

  private final List<BreakableHttp> protocols = new CopyOnWriteArrayList<>();

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.setProtocol(BreakableHttp.class.getName());
    factory.addConnectorCustomizers(connector -> {
      if (connector.getProtocolHandler() instanceof BreakableHttp http) {
        protocols.add(http);
      }
    });
  }

  /** Breaks the connection that a request came over; whatever is answered after is lost. */
  public void cut(HttpServletRequest request, boolean reset) {
    protocols.forEach(http -> http.cut(request.getRemoteAddr(), request.getRemotePort(), reset));
  }
}
