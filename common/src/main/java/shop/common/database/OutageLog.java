package shop.common.database;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs an outage when it begins, when its cause changes, and when it ends. */
final class OutageLog {

  private static final Logger log = LoggerFactory.getLogger(OutageLog.class);

  private static final String DISK_FULL = "disk full";

  private final String subject;
  private @Nullable String cause;

  /**
   * The log of one component's outages.
   *
   * @param subject begins each line
   */
  OutageLog(String subject) {
    this.subject = subject;
  }

  void failed(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    boolean diskFull = DatabaseFailures.isDiskFull(failure);
    String now = diskFull ? DISK_FULL : root.getClass().getName();
    if (now.equals(cause)) {
      log.debug("{} still fails", subject, failure);
    } else if (diskFull) {
      log.error(
          "{} waits until PostgreSQL has space on its disk again ({}). Free some or enlarge the disk; it goes on by itself, and nothing is lost",
          subject,
          String.valueOf(root.getMessage()).lines().findFirst().orElse(""));
      cause = now;
    } else {
      log.warn("{} failed and is retried until it succeeds", subject, failure);
      cause = now;
    }
  }

  void succeeded() {
    if (cause != null) {
      log.info("{} succeeds again", subject);
      cause = null;
    }
  }
}
