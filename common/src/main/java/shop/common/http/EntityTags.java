package shop.common.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import shop.common.problem.Problem;
import shop.common.problem.RequestProblems;

/**
 * The value of {@code If-Match} or {@code If-None-Match}: {@code *} or a list of entity tags (RFC
 * 9110, 13.1). Only a resource that exists can match.
 *
 * @param any true for {@code *}, which every representation matches
 * @param tags empty for {@code *}
 */
public record EntityTags(boolean any, List<Tag> tags) {

  /** RFC 9110, 8.8.3. */
  private static final String TAG = "(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"";

  /**
   * Optional whitespace, then the next tag or nothing, then a comma or the end (RFC 9110, 5.6.1.2).
   */
  private static final Pattern ELEMENT =
      Pattern.compile("[ \\t]*(?:%s)?[ \\t]*(?:,|$)".formatted(TAG));

  private static final String ANY = "*";

  /** One tag of a list. */
  public record Tag(String opaque, boolean weak) {}

  public EntityTags {
    tags = List.copyOf(tags);
  }

  /**
   * Parses a header; several lines must be joined by commas.
   *
   * @param header its name, for the problem
   * @throws Problem 400 if it is neither {@code *} nor a list of entity tags
   */
  public static EntityTags parse(String header, String value) {
    if (value.strip().equals(ANY)) {
      return new EntityTags(true, List.of());
    }
    var matcher = ELEMENT.matcher(value);
    var tags = new ArrayList<Tag>();
    int end = 0;
    while (end < value.length() && matcher.find(end) && matcher.start() == end) {
      MatchResult element = matcher.toMatchResult();
      if (element.group(2) != null) {
        tags.add(new Tag(element.group(2), element.group(1) != null));
      }
      end = matcher.end();
    }
    if (end < value.length() || tags.isEmpty()) {
      throw RequestProblems.malformed(
          "'" + header + "' must be * or ETags that a GET of the resource returned, with quotes");
    }
    return new EntityTags(false, tags);
  }

  /** Strong comparison, for {@code If-Match}: a weak tag matches nothing. */
  public boolean matchStrongly(EntityTag current) {
    return matchStrongly(current.opaque()::equals);
  }

  /**
   * Strong comparison with every tag that a predicate accepts, for resources whose {@code If-Match}
   * compares only a part of the tag.
   */
  public boolean matchStrongly(Predicate<String> opaque) {
    return any || tags.stream().anyMatch(tag -> !tag.weak() && opaque.test(tag.opaque()));
  }

  /** Weak comparison, for {@code If-None-Match}. */
  public boolean matchWeakly(EntityTag current) {
    return any || tags.stream().anyMatch(tag -> tag.opaque().equals(current.opaque()));
  }
}
