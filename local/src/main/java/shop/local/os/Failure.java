package shop.local.os;

import org.jspecify.annotations.Nullable;

/** Something that stops the platform from running, told in a sentence that names the remedy. */
public final class Failure extends RuntimeException {
  public Failure(String sentence) {
    super(sentence);
  }

  public Failure(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }
}
