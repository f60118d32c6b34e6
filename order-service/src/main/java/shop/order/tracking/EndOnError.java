package shop.order.tracking;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a stream whose connection failed. Without a listener the container renders an error on the
 * response, which is committed and whose connection is gone, and logs that it cannot.
 */
final class EndOnError implements AsyncListener {

  private static final Logger log = LoggerFactory.getLogger(EndOnError.class);

  private final EventStream stream;

  EndOnError(EventStream stream) {
    this.stream = stream;
  }

  @Override
  public void onError(AsyncEvent event) {
    stream.close();
    complete(event);
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    complete(event);
  }

  private static void complete(AsyncEvent event) {
    try {
      event.getAsyncContext().complete();
    } catch (IllegalStateException e) {
      log.debug("The stream had already completed the request", e);
    }
  }

  @Override
  public void onComplete(AsyncEvent event) {
    stream.close();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
