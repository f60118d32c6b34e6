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

/** Makes the demo accounts of the local profile, once all accounts are known; others stay. */
@Component
final class DemoAccounts implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(DemoAccounts.class);
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

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

  /** True once the demo accounts are there, or if there are to be none. */
  boolean done() {
    return done;
  }

  @Override
  public void start() {
    if (settings.password().isEmpty()) {
      done = true;
      return;
    }
    thread = Thread.ofVirtual().name("seeds").start(this::run);
  }

  private void run() {
    try {
      accountsFollower.awaitCaughtUp();
      seed(settings.customer(), List.of(Caller.CUSTOMER));
      seed(settings.admin(), List.of(Caller.ADMIN, Caller.CUSTOMER));
      done = true;
    } catch (InterruptedException e) {
      log.debug("Stopped before the demo accounts were made", e);
    }
  }

  private void seed(String address, List<String> roles) throws InterruptedException {
    if (address.isEmpty()) {
      return;
    }
    var email = new EmailAddress(address);
    while (true) {
      try {
        var account = registration.register(email, settings.password(), roles);
        log.info("Made the demo account {} with the roles {}", account.id(), roles);
        return;
      } catch (Problem e) {
        if (e.getStatusCode().isSameCodeAs(HttpStatus.CONFLICT)) {
          return;
        }
        log.warn("A demo account could not be made yet", e);
        Thread.sleep(BETWEEN_TRIES);
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
