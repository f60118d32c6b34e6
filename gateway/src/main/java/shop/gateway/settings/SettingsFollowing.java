package shop.gateway.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;
import shop.common.kafka.TopicFollower;
import shop.common.lifecycle.Phases;

/**
 * Lets a starting gateway wait for the settings of admins, so that it sends nothing to an instance
 * that drains, but not for ever: balancing by application.yml is better than none.
 */
final class SettingsFollowing implements SmartLifecycle, HealthIndicator {

  private static final Logger log = LoggerFactory.getLogger(SettingsFollowing.class);

  private final TopicFollower settingsFollower;
  private final GatewaySettings settings;
  private final Duration longestWait;
  private volatile boolean waiting = true;
  private @Nullable Thread thread;

  SettingsFollowing(
      TopicFollower settingsFollower, GatewaySettings settings, Duration longestWait) {
    this.settingsFollower = settingsFollower;
    this.settings = settings;
    this.longestWait = longestWait;
  }

  /** Out of service while the gateway waits for the settings. */
  @Override
  public Health health() {
    return waiting ? Health.outOfService().build() : Health.up().build();
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("settings-following").start(this::run);
  }

  private void run() {
    try {
      if (!isReadInTime()) {
        log.warn(
            "The topic gateway-settings cannot be read; services are balanced as application.yml says, and drains are unknown, until it can");
      }
      waiting = false;
      settingsFollower.awaitCaughtUp();
      log.info(
          "Settings of admins are in force: {} services, {} drains",
          settings.overriddenServices(),
          settings.drains().size());
    } catch (InterruptedException e) {
      log.debug("Stopped waiting for the topic gateway-settings", e);
    }
  }

  private boolean isReadInTime() throws InterruptedException {
    try {
      return settingsFollower.awaitCurrentEnd(longestWait);
    } catch (RuntimeException e) {
      log.warn("The end offsets of the topic gateway-settings cannot be queried", e);
      return false;
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
    return thread != null;
  }

  @Override
  public int getPhase() {
    return Phases.AFTER_FOLLOWERS;
  }
}
