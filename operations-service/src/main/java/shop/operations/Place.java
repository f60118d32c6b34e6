package shop.operations;

/** Where a record is on a topic that is known. */
public record Place(int partition, long offset) {}
