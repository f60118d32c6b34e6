package shop.common.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.trace.TraceContext;
import tools.jackson.databind.JsonNode;

/** The samples and schemas of all event types, for the tests of producers and consumers. */
public final class Contracts {

  private Contracts() {}

  /** The sample event of a type, in CloudEvents' structured JSON. */
  public static JsonNode sample(String type) {
    return json(type + ".sample.json");
  }

  /** The JSON Schema of a type's data. */
  public static JsonNode schema(String type) {
    return json(type + ".schema.json");
  }

  /** The data of a type's sample, read into a consumer's own record. */
  public static <T> T data(String type, Class<T> as) {
    return Json.read(Json.bytes(sample(type).get("data")), as);
  }

  /** The record that a producer would send for a type's sample. */
  public static ProducerRecord<byte[], byte[]> record(String type) {
    JsonNode sample = sample(type);
    var envelope =
        new Envelope(
            sample.get("id").asString(),
            type,
            sample.get("source").asString(),
            sample.get("subject").asString(),
            Instant.parse(sample.get("time").asString()),
            sample.has("sequence") ? Long.valueOf(sample.get("sequence").asString()) : null,
            TraceContext.fresh());
    return envelope.record(schema(type).get("x-topic").asString(), sample.get("data"));
  }

  private static JsonNode json(String file) {
    try (var in = Contracts.class.getResourceAsStream("/contracts/" + file)) {
      return Json.MAPPER.readTree(Objects.requireNonNull(in, "No contract " + file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
