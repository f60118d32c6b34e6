package shop.gateway.admin;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import shop.common.http.EntityTag;
import shop.common.json.Json;
import shop.gateway.routing.ServiceOverrides;
import shop.gateway.routing.UpstreamSettings;
import shop.gateway.settings.GatewaySettings.Overridden;

/**
 * The settings of a service that an admin can change.
 *
 * @param overrides what an admin has changed, in the form that a PUT takes
 * @param overriddenSince null if an admin has changed nothing
 * @param effective what is in force
 */
record ServiceSettingsView(
    String name,
    ServiceOverrides overrides,
    @Nullable Instant overriddenSince,
    Effective effective) {

  /** Settings in force; the weights are in the status. */
  record Effective(String algorithm, String hashKey, int panicPercent) {}

  static ServiceSettingsView of(
      String name, UpstreamSettings inForce, @Nullable Overridden overridden) {
    return new ServiceSettingsView(
        name,
        overridden == null ? ServiceOverrides.NONE : overridden.overrides(),
        overridden == null ? null : overridden.since(),
        new Effective(inForce.algorithm(), inForce.hashKey(), inForce.panicPercent()));
  }

  /** The first 64 bits of SHA-256 of the content, so that all gateways have the same. */
  EntityTag tag() {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(Json.bytes(this));
      return new EntityTag("%016x".formatted(ByteBuffer.wrap(digest).getLong()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
