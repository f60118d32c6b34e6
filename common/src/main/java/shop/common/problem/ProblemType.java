package shop.common.problem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import shop.common.json.Json;

/**
 * The documentation of a problem type: the content of the page at a problem's {@code type} URL.
 *
 * @param type the last part of the type's URL
 * @param status the HTTP status it comes with
 * @param title short summary
 * @param when when the problem occurs
 * @param remedy what the caller can do about it
 */
public record ProblemType(String type, int status, String title, String when, String remedy) {

  /** Every problem type of the platform, sorted by name. */
  public static List<ProblemType> all() {
    try (var in = ProblemType.class.getResourceAsStream("/problems.json")) {
      return List.of(Json.read(Objects.requireNonNull(in).readAllBytes(), ProblemType[].class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The value of the field {@code type} in problems, relative to the gateway. */
  public URI url() {
    return Problem.typeUrl(type);
  }
}
