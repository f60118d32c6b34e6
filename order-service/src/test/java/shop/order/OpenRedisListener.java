package shop.order;

import static org.awaitility.Awaitility.await;

import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;
import shop.order.redis.Epoch;

/**
 * Waits for Redis to be open, which takes a moment after Spring has resumed a cached context; until
 * then requests get 503.
 */
final class OpenRedisListener implements TestExecutionListener {

  @Override
  public void beforeTestMethod(TestContext context) {
    await().until(context.getApplicationContext().getBean(Epoch.class)::isOpen);
  }
}
