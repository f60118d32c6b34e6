package shop.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import shop.common.event.Envelope;
import shop.common.json.Json;

class TimelineEntryTest {

  /** A rebuild by another instance must restore Redis byte for byte. */
  @Test
  void theSameEventSerializesToTheSameBytesInEveryJvm() {
    var placedAt = Instant.parse("2026-01-01T00:00:00Z");
    var shipped =
        new OrderEvent.Shipped(
            UUID.randomUUID(),
            new shop.common.money.Money(100, "EUR"),
            UUID.fromString("efd60b68-6de8-548c-9fe9-45f150a9ff92"),
            "Example Post",
            "EX1",
            placedAt);
    var trace = shop.common.trace.TraceContext.current();
    var envelope = new Envelope("id", shipped.type(), "test", "order", placedAt, 3L, trace);

    var bytes = Json.bytes(TimelineEntry.of(envelope, shipped).details());

    assertThat(new String(bytes, UTF_8))
        .isEqualTo(
            "{\"carrier\":\"Example Post\","
                + "\"shipmentId\":\"efd60b68-6de8-548c-9fe9-45f150a9ff92\","
                + "\"trackingNumber\":\"EX1\"}");
  }
}
