package shop.common.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import shop.common.trace.TraceContext;

class EnvelopeTest {

  private static final Instant NOW = Instant.parse("2026-11-21T09:30:00.123Z");

  @Property
  void headersAreReadAsTheyWereWritten(
      @ForAll @NotEmpty String id,
      @ForAll @NotEmpty String subject,
      @ForAll @LongRange(min = 1) long sequence) {
    var written =
        new Envelope(
            encodable(id), "t", "s", encodable(subject), NOW, sequence, TraceContext.fresh());

    var read = Envelope.of(written.headers());

    assertThat(read).usingRecursiveComparison().ignoringFields("trace.spanId").isEqualTo(written);
  }

  /** Replaces lone surrogates, which UTF-8 cannot encode. */
  private static String encodable(String text) {
    return new String(text.getBytes(UTF_8), UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time"})
  void aMissingAttributeIsReported(String name) {
    var headers = Envelope.of("t", "s", "x", NOW).headers();
    headers.remove(name);

    assertThatExceptionOfType(MalformedEvent.class)
        .isThrownBy(() -> Envelope.of(headers))
        .withMessageContaining(name);
  }

  @ParameterizedTest
  @CsvSource({
    "ce_sequence, 0",
    "ce_sequence, -1",
    "ce_sequence, one",
    "ce_time, yesterday",
    "ce_specversion, 2.0"
  })
  void aMalformedAttributeIsRejected(String name, String value) {
    var headers = Envelope.of("t", "s", "x", NOW).headers();
    headers.remove(name);
    headers.add(name, value.getBytes(UTF_8));

    assertThatExceptionOfType(MalformedEvent.class).isThrownBy(() -> Envelope.of(headers));
  }

  @Test
  void aRecordWithoutHeadersIsRejected() {
    assertThatExceptionOfType(MalformedEvent.class)
        .isThrownBy(() -> Envelope.of(new RecordHeaders()));
  }

  @Test
  void anEnvelopeBelongsToTheCurrentTrace() {
    var trace = TraceContext.fresh();
    try (var _ = trace.open()) {
      assertThat(Envelope.of("t", "s", "x", NOW).trace().traceId()).isEqualTo(trace.traceId());
    }
  }
}
