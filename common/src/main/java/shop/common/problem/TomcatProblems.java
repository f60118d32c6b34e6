package shop.common.problem;

import org.apache.catalina.Context;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.TomcatContextCustomizer;

/** Makes Tomcat report its own errors by {@link TomcatProblemValve}. */
final class TomcatProblems implements TomcatContextCustomizer {

  @Override
  public void customize(Context context) {
    if (context.getParent() instanceof StandardHost host) {
      host.setErrorReportValveClass(TomcatProblemValve.class.getName());
    }
  }
}
