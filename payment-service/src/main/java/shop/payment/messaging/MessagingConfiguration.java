package shop.payment.messaging;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.database.DatabaseFollower;
import shop.common.database.DatabaseFollowers;
import shop.common.deadletter.DeadLetterPublisher;
import shop.common.kafka.LogEnds;
import shop.common.kafka.RequiredTopics;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;
import shop.common.time.TimeLimits;
import shop.payment.PaymentHistory;
import shop.payment.PaymentProvider;
import shop.payment.PaymentTaskHandler;
import shop.payment.archive.PaymentTables;
import shop.payment.books.Leadership;

/** The log of payments and its follower, the consumer and its worker. */
@Configuration(proxyBeanMethods = false)
class MessagingConfiguration {

  @Bean
  RequiredTopics requiredTopics() {
    return RequiredTopics.of(
        Topics.ORDERS,
        Topics.PAYMENTS,
        Topics.PAYMENT_RETRIES,
        Topics.PAYMENT_PENDING,
        Topics.PAYMENT_RECONCILIATION,
        Topics.PAYMENT_REDRIVE,
        Topics.DEAD_LETTERS,
        Topics.DEAD_LETTER_ACTIONS);
  }

  @Bean
  RandomGenerator random() {
    return () -> ThreadLocalRandom.current().nextLong();
  }

  @Bean
  LogEnds paymentLogEnds(KafkaProperties kafka) {
    return new LogEnds(kafka.buildAdminProperties(), List.of(Topics.PAYMENTS));
  }

  @Bean
  RecentPayments recentPayments(PaymentHistory history, RecentSettings settings, Clock clock) {
    return new RecentPayments(history, settings, clock);
  }

  @Bean
  DatabaseFollower archiveFollower(DatabaseFollowers followers, PaymentTables tables) {
    return followers.follow("archive", List.of(Topics.PAYMENTS), new PaymentArchive(tables));
  }

  @Bean
  PaymentLog paymentLog(
      RecentPayments recent,
      KafkaTemplate<byte[], byte[]> kafka,
      LogEnds paymentLogEnds,
      Clock clock,
      ConsumerSettings settings) {
    TimeLimits.requireAtLeast(
        "shop.payment.log-timeout",
        settings.logTimeout(),
        "the producer's delivery.timeout.ms",
        TimeLimits.deliveryTimeout(kafka.getProducerFactory().getConfigurationProperties()));
    return new PaymentLog(recent, kafka, paymentLogEnds, clock, settings.logTimeout());
  }

  @Bean
  MeterBinder paymentLogMetrics(PaymentLog payments, RecentPayments recent) {
    return registry -> {
      Gauge.builder("payments.held", recent, RecentPayments::size)
          .description("Payment events in memory: the recent ones")
          .register(registry);
      Gauge.builder("payments.capacity", recent, RecentPayments::maxEvents)
          .description("The most payment events that are kept in memory")
          .register(registry);
      FunctionCounter.builder("payments.dropped.early", recent, RecentPayments::droppedEarly)
          .description("Payment events that left memory before PostgreSQL was seen to have them")
          .register(registry);
      FunctionCounter.builder(
              "payments.refunds.failed.later", payments, PaymentLog::refundsFailedLater)
          .description("Refunds that this instance has found to have failed after they succeeded")
          .register(registry);
    };
  }

  /** Reads uncommitted records, because payment events are written without transactions. */
  @Bean
  @Primary
  TopicFollower paymentsFollower(
      KafkaProperties kafka, PaymentLog payments, ApplicationEventPublisher events) {
    Map<String, Object> client = new HashMap<>(kafka.buildConsumerProperties());
    client.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    client.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 500);
    return TopicFollower.from(
        payments::seek,
        "payments-log",
        client,
        List.of(Topics.PAYMENTS),
        payments::onRecord,
        events);
  }

  @Bean
  ReconciliationLog reconciliationLog(KafkaTemplate<byte[], byte[]> kafka) {
    return new ReconciliationLog(kafka);
  }

  @Bean
  TopicFollower reconciliationFollower(
      KafkaProperties kafka, ReconciliationLog passes, ApplicationEventPublisher events) {
    return new TopicFollower(
        "reconciliation",
        kafka.buildConsumerProperties(),
        List.of(Topics.PAYMENT_RECONCILIATION),
        passes::onRecord,
        events);
  }

  /** The owner of the first partition reconciles, after it has read both logs to their ends. */
  @Bean
  Leadership leadership(PaymentConsumer consumer, TopicFollower reconciliationFollower) {
    return () -> reconciliationFollower.caughtUp() && consumer.ownsFirstPartition();
  }

  @Bean
  PaymentConsumer paymentConsumer(
      KafkaProperties kafkaProperties,
      KafkaTemplate<byte[], byte[]> kafka,
      PaymentTaskHandler handler,
      PaymentProvider provider,
      TopicFollower paymentsFollower,
      DeadLetterPublisher deadLetters,
      ConsumerSettings settings,
      MeterRegistry meters,
      RandomGenerator random,
      Clock clock,
      LifecycleProperties lifecycle,
      ApplicationEventPublisher events) {
    TimeLimits.requireLonger(
        "spring.lifecycle.timeout-per-shutdown-phase",
        lifecycle.getTimeoutPerShutdownPhase(),
        "shop.payment.drain-timeout",
        settings.drainTimeout());
    TimeLimits.requireLonger(
        "the retention of " + Topics.PAYMENT_PENDING.name(),
        Topics.PAYMENT_PENDING.retention(),
        "shop.payment.max-poll-interval",
        settings.maxPollInterval());
    var metrics = new PaymentMetrics(meters);
    var backoff = new Backoff(settings.firstBackoff(), settings.maxBackoff(), random);
    var pollIntervals =
        new Backoff(settings.firstPollInterval(), settings.maxPollInterval(), random);
    var worker =
        new PaymentWorker(
            handler,
            deadLetters,
            kafka,
            backoff,
            pollIntervals,
            settings.maxAttempts(),
            metrics,
            clock);
    return new PaymentConsumer(
        () -> new KafkaConsumer<>(client(kafkaProperties)),
        worker,
        provider,
        paymentsFollower,
        backoff,
        settings,
        metrics,
        clock,
        events);
  }

  /** Fetches are small and return on the first record; rebalances are cooperative. */
  private static Map<String, Object> client(KafkaProperties kafka) {
    Map<String, Object> client = new HashMap<>(kafka.buildConsumerProperties());
    client.put(ConsumerConfig.GROUP_ID_CONFIG, PaymentWorker.GROUP);
    client.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    client.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 64);
    client.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    client.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 500);
    client.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 2 << 20);
    client.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 256 << 10);
    return client;
  }

  /** Part of readiness: UP after the log was read to its end and partitions were assigned. */
  @Bean
  HealthIndicator paymentsHealthIndicator(PaymentConsumer consumer) {
    return () -> consumer.isReady() ? Health.up().build() : Health.outOfService().build();
  }
}
