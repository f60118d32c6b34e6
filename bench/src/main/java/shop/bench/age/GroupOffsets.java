package shop.bench.age;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The committed offsets of consumer groups, and the ends of topics. */
final class GroupOffsets implements AutoCloseable {

  private final Admin admin;

  GroupOffsets(String bootstrapServers) {
    admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  /**
   * Commits the ends of all partitions of every topic that a group has committed an offset of:
   * nobody processes what is before. The groups must have no members.
   *
   * @param except a group that is left where it is, and processes the history
   * @return the groups
   */
  Set<String> commitEnds(String except) throws ExecutionException, InterruptedException {
    var groups =
        admin.listGroups().all().get().stream()
            .map(GroupListing::groupId)
            .filter(group -> !group.equals(except))
            .collect(toSet());
    for (var group : groups) {
      var topics = committed(group).keySet().stream().map(TopicPartition::topic).collect(toSet());
      if (!topics.isEmpty()) {
        admin
            .alterConsumerGroupOffsets(
                group,
                ends(partitions(topics)).entrySet().stream()
                    .collect(
                        toMap(Map.Entry::getKey, end -> new OffsetAndMetadata(end.getValue()))))
            .all()
            .get();
      }
    }
    return groups;
  }

  /** The records that a group has not processed yet, of the partitions that it has begun. */
  long lag(String group) throws ExecutionException, InterruptedException {
    var committed = committed(group);
    var ends = ends(committed.keySet());
    return committed.entrySet().stream()
        .mapToLong(
            entry -> Math.max(0, ends.getOrDefault(entry.getKey(), 0L) - entry.getValue().offset()))
        .sum();
  }

  private Map<TopicPartition, OffsetAndMetadata> committed(String group)
      throws ExecutionException, InterruptedException {
    return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
  }

  /** The end of each partition. */
  Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions)
      throws ExecutionException, InterruptedException {
    return admin
        .listOffsets(partitions.stream().collect(toMap(p -> p, _ -> OffsetSpec.latest())))
        .all()
        .get()
        .entrySet()
        .stream()
        .collect(toMap(Map.Entry::getKey, end -> offset(end.getValue())));
  }

  private static long offset(ListOffsetsResultInfo end) {
    return end.offset();
  }

  private List<TopicPartition> partitions(Collection<String> topics)
      throws ExecutionException, InterruptedException {
    return admin.describeTopics(topics).allTopicNames().get().values().stream()
        .flatMap(topic ->
            topic.partitions().stream()
                .map(partition -> new TopicPartition(topic.name(), partition.partition())))
        .toList();
  }

  /**
   * The topic whose name ends so.
   *
   * @throws IllegalStateException if there is none
   */
  String topicEndingWith(String suffix) throws ExecutionException, InterruptedException {
    return admin.listTopics().names().get().stream()
        .filter(topic -> topic.endsWith(suffix))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("There is no topic …" + suffix));
  }

  @Override
  public void close() {
    admin.close();
  }
}
