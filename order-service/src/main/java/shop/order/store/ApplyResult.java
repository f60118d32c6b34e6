package shop.order.store;

/** The result of applying a {@link PartitionBatch}. */
public enum ApplyResult {
  APPLIED,
  ALREADY_APPLIED,
  /** Redis is empty, or being loaded. */
  NOT_LOADED,
  /**
   * Redis is not at the position where the batch begins: it was emptied or rewound, or another
   * instance applied more records.
   */
  POSITION_MISMATCH,
  /** An earlier event of an order is missing. */
  GAP;

  /** True if Redis contains the changes of the batch. */
  public boolean isApplied() {
    return this == APPLIED || this == ALREADY_APPLIED;
  }
}
