package shop.balancing;

/**
 * What is known of an instance's health, and the table of what leads from one state to another:
 *
 * <pre>
 *             CHECK_PASSED  CHECK_REFUSED  CHECKS_SILENT  EJECT    EJECTION_OVER
 * NEW         HEALTHY       NOT_READY      SILENT         -        -
 * HEALTHY     -             NOT_READY      SILENT         EJECTED  -
 * NOT_READY   HEALTHY       -              -              -        -
 * SILENT      HEALTHY       NOT_READY      -              -        -
 * EJECTED     -             NOT_READY      SILENT         -        HEALTHY
 * </pre>
 *
 * A passed check does not end an ejection: an instance that says it is ready and fails calls is
 * what passive detection is for. A failed check does, because then the checks decide when the
 * instance returns. One that said it is not ready and then falls silent has stopped as announced.
 *
 * <p>Draining is not among the states: an operator drains an instance in any of them, and they
 * change beneath.
 */
public enum Health {
  /** No check has passed or failed yet. Gets no calls unless every instance is new. */
  NEW,
  /** Gets calls. */
  HEALTHY,
  /** Answered that it is not ready. */
  NOT_READY,
  /** Left several checks in succession unanswered. */
  SILENT,
  /** Failed several calls in succession. Gets none until a time is over. */
  EJECTED;

  /** What happens to an instance. */
  public enum Event {
    /** As many checks have passed as it takes. */
    CHECK_PASSED,
    /** The instance answered that it is not ready. */
    CHECK_REFUSED,
    /** As many checks were left unanswered as it takes. */
    CHECKS_SILENT,
    /** Calls failed, and the limits of ejection allow one more. */
    EJECT,
    /** The time of the ejection is over. */
    EJECTION_OVER
  }

  /** The state that an event leads to; the same one if the event changes nothing. */
  public Health on(Event event) {
    return switch (this) {
      case NEW ->
          switch (event) {
            case CHECK_PASSED -> HEALTHY;
            case CHECK_REFUSED -> NOT_READY;
            case CHECKS_SILENT -> SILENT;
            case EJECT, EJECTION_OVER -> this;
          };
      case HEALTHY ->
          switch (event) {
            case CHECK_REFUSED -> NOT_READY;
            case CHECKS_SILENT -> SILENT;
            case EJECT -> EJECTED;
            case CHECK_PASSED, EJECTION_OVER -> this;
          };
      case NOT_READY ->
          switch (event) {
            case CHECK_PASSED -> HEALTHY;
            case CHECK_REFUSED, CHECKS_SILENT, EJECT, EJECTION_OVER -> this;
          };
      case SILENT ->
          switch (event) {
            case CHECK_PASSED -> HEALTHY;
            case CHECK_REFUSED -> NOT_READY;
            case CHECKS_SILENT, EJECT, EJECTION_OVER -> this;
          };
      case EJECTED ->
          switch (event) {
            case CHECK_REFUSED -> NOT_READY;
            case CHECKS_SILENT -> SILENT;
            case EJECTION_OVER -> HEALTHY;
            case CHECK_PASSED, EJECT -> this;
          };
    };
  }
}
