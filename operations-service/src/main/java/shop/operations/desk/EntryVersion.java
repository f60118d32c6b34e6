package shop.operations.desk;

/**
 * What a decision about an entry names.
 *
 * @param version that was seen
 * @param redrives how often the message was sent to its service until then
 */
public record EntryVersion(String id, String service, int version, int redrives) {}
