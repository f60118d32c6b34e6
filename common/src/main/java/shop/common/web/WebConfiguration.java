package shop.common.web;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;

/** The rules of requests for every service with a servlet API. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(HttpSettings.class)
@Import({
  WebRules.class,
  NumberParameters.class,
  JsonBodyAdvice.class,
  PreconditionAdvice.class,
  TomcatAbort.class
})
public class WebConfiguration {

  /** After the filter of the trace context, before everything that reads the request. */
  private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 10;

  @Bean
  FilterRegistrationBean<RequestFilter> requestFilter(HttpSettings settings) {
    var filter = new FilterRegistrationBean<>(new RequestFilter(settings));
    filter.setOrder(ORDER);
    return filter;
  }
}
