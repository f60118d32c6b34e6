package shop.sandbox.ledger;

import java.nio.charset.StandardCharsets;
import shop.sandbox.Fact;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * One line of the ledger file.
 *
 * @param seq 1, 2, 3 … without gaps
 * @param more whether the next line belongs to the same append, which is valid only if all its
 *     lines are present
 */
record LedgerRecord(long seq, boolean more, Fact data) {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final ObjectReader LINES = JSON.readerFor(LedgerRecord.class);
  private static final ObjectWriter FACTS = JSON.writerFor(Fact.class);

  static LedgerRecord parse(byte[] json) {
    return LINES.readValue(json);
  }

  /** The fact as JSON, serialized before its sequence number is known. */
  static byte[] data(Fact fact) {
    return FACTS.writeValueAsBytes(fact);
  }

  static byte[] head(long seq, boolean more) {
    return ("{\"seq\":" + seq + ",\"more\":" + more + ",\"data\":")
        .getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] tail() {
    return new byte[] {'}', '\n'};
  }
}
