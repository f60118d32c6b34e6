package shop.gateway.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import shop.common.json.Json;
import shop.common.testkit.Contracts;

/** The event conforms to its contract. */
class SessionRevokedTest {

  @Test
  void isWrittenAsTheSample() {
    var data =
        new SessionRevoked(
            "s-3f0c1b9e",
            UUID.fromString("2f1c1c56-54f8-5ac2-8f0b-6d0b7c1f4a11"),
            "logout",
            Instant.parse("2026-11-21T09:30:00.123Z"));

    assertThat(Json.MAPPER.readTree(Json.bytes(data)))
        .isEqualTo(Contracts.sample(SessionRevoked.TYPE).get("data"));
  }

  @Test
  void isReadFromTheSample() {
    assertThat(Contracts.data(SessionRevoked.TYPE, SessionRevoked.class).sessionId())
        .isEqualTo("s-3f0c1b9e");
  }
}
