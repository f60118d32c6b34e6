package shop.gateway.settings;

import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import shop.common.lifecycle.Phases;
import shop.gateway.routing.Upstreams;

/** Ends the drains of instances that discovery has not listed for a long time. */
@Component
final class DrainCleanup implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(DrainCleanup.class);

  private final GatewaySettings settings;
  private final SettingsChanges changes;
  private final Upstreams upstreams;
  private final DrainSettings drains;
  private final AbsentInstances absent;
  private final Clock clock;
  private volatile @Nullable Disposable running;

  DrainCleanup(
      GatewaySettings settings,
      SettingsChanges changes,
      Upstreams upstreams,
      DrainSettings drains,
      Clock clock) {
    this.settings = settings;
    this.changes = changes;
    this.upstreams = upstreams;
    this.drains = drains;
    this.absent = new AbsentInstances(drains.forgetAfter());
    this.clock = clock;
  }

  @Override
  public void start() {
    running =
        Flux.interval(drains.cleanupInterval(), Schedulers.newSingle("drain-cleanup", true))
            .onBackpressureDrop()
            .subscribe(_ -> cleanUp());
  }

  private void cleanUp() {
    try {
      var gone =
          absent.beyondLimit(settings.drains().keySet(), upstreams.instanceIds(), clock.instant());
      for (String id : gone) {
        log.info("Ending the drain of {}, gone for longer than {}", id, drains.forgetAfter());
        changes.endDrain(id);
      }
    } catch (RuntimeException e) {
      log.warn("Drains cannot be cleaned up; retrying in {}", drains.cleanupInterval(), e);
    }
  }

  @Override
  public void stop() {
    var current = running;
    if (current != null) {
      current.dispose();
      running = null;
    }
  }

  @Override
  public boolean isRunning() {
    return running != null;
  }

  @Override
  public int getPhase() {
    return Phases.AFTER_FOLLOWERS;
  }
}
