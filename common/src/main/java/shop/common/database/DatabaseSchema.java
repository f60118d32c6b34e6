package shop.common.database;

import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import shop.common.lifecycle.Phases;

/**
 * The service's schema. It is migrated when the database is first reached, which may be after the
 * service has started, and again by a follower that finds its tables missing.
 */
public final class DatabaseSchema implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(DatabaseSchema.class);

  private final Flyway flyway;
  private final Backoff backoff;
  private final OutageLog outage = new OutageLog("Migrating the database schema");
  private volatile boolean migrated;
  private @Nullable Thread thread;

  DatabaseSchema(Flyway flyway, Backoff backoff) {
    this.flyway = flyway;
    this.backoff = backoff;
  }

  /** True once the schema has been migrated since the start of this instance. */
  public boolean isMigrated() {
    return migrated;
  }

  /**
   * Migrates the schema unless that has been done. Instances wait for each other.
   *
   * @throws RuntimeException if the database cannot be reached or a migration fails
   */
  synchronized void ensureMigrated() {
    if (migrated) {
      return;
    }
    int count = flyway.migrate().migrationsExecuted;
    migrated = true;
    if (count > 0) {
      log.info("Applied {} migrations to the database schema", count);
    }
  }

  /** Its tables are missing: the database was replaced by an empty one. */
  void forget() {
    migrated = false;
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("database-schema").start(this::migrateWithRetries);
  }

  private void migrateWithRetries() {
    while (!migrated) {
      try {
        ensureMigrated();
        outage.succeeded();
      } catch (RuntimeException e) {
        outage.failed(e);
        try {
          Thread.sleep(backoff.next());
        } catch (InterruptedException stopped) {
          return;
        }
      }
    }
  }

  @Override
  public void stop() {
    if (thread != null) {
      thread.interrupt();
      try {
        thread.join(Duration.ofSeconds(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      thread = null;
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  /** Before the followers. It does not wait for the database. */
  @Override
  public int getPhase() {
    return Phases.FOLLOWERS - 1;
  }
}
