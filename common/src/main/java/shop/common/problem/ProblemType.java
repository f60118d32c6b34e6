package shop.common.problem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import shop.common.json.Json;

/**
 * What a kind of problem means to whoever meets it; the page behind a problem's {@code type}.
 *
 * @param type the last part of the type's URL
 * @param status the HTTP status it comes with
 * @param title in a few words
 * @param when it happens
 * @param remedy what to do about it
 */
public record ProblemType(String type, int status, String title, String when, String remedy) {

  /** Every type that the platform answers with, by name. */
  public static List<ProblemType> all() {
    try (var in = ProblemType.class.getResourceAsStream("/problems.json")) {
      return List.of(Json.read(Objects.requireNonNull(in).readAllBytes(), ProblemType[].class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As problems name it, relative to the gateway. */
  public URI url() {
    return Problem.typeUrl(type);
  }
}
