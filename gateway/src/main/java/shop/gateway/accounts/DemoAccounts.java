package shop.gateway.accounts;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import shop.common.kafka.TopicFollower;
import shop.common.lifecycle.Phases;
import shop.common.problem.Problem;
import shop.common.security.Caller;

/**
 * Creates the demo accounts of the local profile after all accounts have been read. Existing
 * accounts are left as they are.
 */
@Component
final class DemoAccounts implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(DemoAccounts.class);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

  private final DemoAccountSettings settings;
  private final Registration registration;
  private final TopicFollower accountsFollower;
  private volatile boolean done;
  private @Nullable Thread thread;

  DemoAccounts(
      DemoAccountSettings settings, Registration registration, TopicFollower accountsFollower) {
    this.settings = settings;
    this.registration = registration;
    this.accountsFollower = accountsFollower;
  }

  /** True if the demo accounts exist or none are configured. */
  boolean done() {
    return done;
  }

  @Override
  public void start() {
    if (settings.password().isEmpty()) {
      done = true;
      return;
    }
    thread = Thread.ofVirtual().name("demo-accounts").start(this::run);
  }

  private void run() {
    try {
      accountsFollower.awaitCaughtUp();
      create(settings.customer(), List.of(Caller.CUSTOMER));
      create(settings.admin(), List.of(Caller.ADMIN, Caller.CUSTOMER));
      done = true;
    } catch (InterruptedException e) {
      log.debug("Stopped before the demo accounts were created", e);
    }
  }

  private void create(String address, List<String> roles) throws InterruptedException {
    if (address.isEmpty()) {
      return;
    }
    var email = new EmailAddress(address);
    while (true) {
      try {
        var account = registration.register(email, settings.password(), roles);
        log.info("Created demo account {} with roles {}", account.id(), roles);
        return;
      } catch (Problem e) {
        if (e.getStatusCode().isSameCodeAs(HttpStatus.CONFLICT)) {
          return;
        }
        log.warn("Creating a demo account failed; retrying in {}", RETRY_INTERVAL, e);
        Thread.sleep(RETRY_INTERVAL);
      }
    }
  }

  @Override
  public void stop() {
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null || done;
  }

  @Override
  public int getPhase() {
    return Phases.AFTER_FOLLOWERS;
  }
}
