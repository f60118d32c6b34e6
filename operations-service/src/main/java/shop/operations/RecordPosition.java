package shop.operations;

/** Partition and offset of a record whose topic is known from the context. */
public record RecordPosition(int partition, long offset) {}
