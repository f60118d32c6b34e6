package shop.common.kafka;

import java.util.List;

/** The topics that a service reads or writes; they are created before its consumers start. */
public record RequiredTopics(List<Topic> topics) {

  public RequiredTopics {
    topics = List.copyOf(topics);
  }

  public static RequiredTopics of(Topic... topics) {
    return new RequiredTopics(List.of(topics));
  }
}
