package shop.common.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

class TraceContextTest {

  private static final String HEADER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @Test
  void aHeaderIsContinuedWithAChildSpan() {
    var below = TraceContext.below(HEADER);

    assertThat(below.traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(below.spanId()).isNotEqualTo("00f067aa0ba902b7").hasSize(16);
    assertThat(TraceContext.parse(HEADER)).map(TraceContext::traceparent).contains(HEADER);
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "nonsense",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"
      })
  void aMalformedHeaderStartsANewTrace(String header) {
    assertThat(TraceContext.parse(header)).isEmpty();
    assertThat(TraceContext.parse(TraceContext.below(header).traceparent())).isPresent();
  }

  @Test
  void aScopeRestoresThePreviousContext() {
    var outer = TraceContext.fresh();
    try (var _ = outer.open()) {
      try (var _ = TraceContext.fresh().open()) {
        assertThat(TraceContext.current().traceId()).isNotEqualTo(outer.traceId());
      }
      assertThat(MDC.get("traceId")).isEqualTo(outer.traceId());
    }
    assertThat(MDC.get("traceId")).isNull();
  }
}
