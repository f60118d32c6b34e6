package shop.operations;

/** Where a record is on a topic that is known. */
public record RecordPosition(int partition, long offset) {}
