package shop.sandbox;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Money that went back, whole or in part; it is final as soon as it exists. Minor units. */
public record Refund(
    String id,
    Instant created,
    String intent,
    String charge,
    long amount,
    String currency,
    @Nullable String reason,
    Map<String, String> metadata) {}
