package shop.operations;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the desk works.
 *
 * @param decisionTimeout how long a request waits until its action is read back from the log;
 *     longer than a transaction of a crashed service can hold the log up
 * @param readTimeout how long the bytes of one dead letter may take to be read
 * @param redriveRetry the time between attempts to send a decided redrive
 */
@Validated
@ConfigurationProperties("shop.operations")
public record OperationsSettings(
    @DefaultValue("12s") Duration decisionTimeout,
    @DefaultValue("5s") Duration readTimeout,
    @DefaultValue("1s") Duration redriveRetry) {

  public OperationsSettings {
    if (!decisionTimeout.isPositive() || !readTimeout.isPositive() || !redriveRetry.isPositive()) {
      throw new IllegalArgumentException("Times of shop.operations must be above zero");
    }
  }
}
