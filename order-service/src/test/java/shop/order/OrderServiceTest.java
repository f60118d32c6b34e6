package shop.order;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestExecutionListeners;
import shop.common.testkit.BrokersInitializer;

/** The whole service over HTTP, with real brokers; the test stands in for payment-service. */
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {"shop.tracking.heartbeat=500ms", "shop.storage.check-interval=1h"})
@ContextConfiguration(initializers = BrokersInitializer.class)
@TestExecutionListeners(
    listeners = OpenRedisListener.class,
    mergeMode = TestExecutionListeners.MergeMode.MERGE_WITH_DEFAULTS)
@Tag("slow")
@ResourceLock("service")
public @interface OrderServiceTest {}
