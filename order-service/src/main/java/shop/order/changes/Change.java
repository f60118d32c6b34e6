package shop.order.changes;

/** One change that a part of the log makes to the views. */
public sealed interface Change permits OrderChange, WithheldChange, StockChange {}
