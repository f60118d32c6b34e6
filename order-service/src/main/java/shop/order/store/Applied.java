package shop.order.store;

/** What became of a record that was to be applied. */
public enum Applied {
  APPLIED,
  /** It was applied before. */
  SEEN,
  /** Redis lacks a record before it: it was emptied or rewound. */
  BEHIND,
  /** An earlier event of the order is missing. */
  GAP
}
