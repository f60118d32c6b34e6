package shop.sandbox.fault;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** The open connections, for faults that abort them. */
@Component
public final class Connections
    implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

  private final List<AbortableHttpProtocol> protocols = new CopyOnWriteArrayList<>();

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.setProtocol(AbortableHttpProtocol.class.getName());
    factory.addConnectorCustomizers(connector -> {
      if (connector.getProtocolHandler() instanceof AbortableHttpProtocol http) {
        protocols.add(http);
      }
    });
  }

  /** Closes the connection of a request; a response written afterwards is lost. */
  public void abort(HttpServletRequest request, boolean reset) {
    protocols.forEach(http -> http.abort(request.getRemoteAddr(), request.getRemotePort(), reset));
  }
}
