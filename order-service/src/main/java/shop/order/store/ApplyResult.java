package shop.order.store;

/** What became of a stretch of the log that was to be applied. */
public enum ApplyResult {
  APPLIED,
  /** It was applied before. */
  SEEN,
  /** Redis is not where it begins: it was emptied or rewound, or another instance has gone on. */
  ELSEWHERE,
  /** An earlier event of an order is missing. */
  GAP;

  /** True if Redis has it. */
  public boolean isDone() {
    return this == APPLIED || this == SEEN;
  }
}
