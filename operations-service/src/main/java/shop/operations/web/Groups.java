package shop.operations.web;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import shop.operations.DeskEntry;

/** Counts of entries by exception and place of the latest failure, most frequent first. */
record Groups(List<Group> items) {

  static Groups of(List<DeskEntry> entries) {
    var groups = new HashMap<Key, Group>();
    entries.forEach(entry -> {
      var group = Group.of(entry);
      groups.merge(new Key(group.exception(), group.place()), group, Group::merge);
    });
    return new Groups(
        groups.values().stream()
            .sorted(
                Comparator.comparingLong(Group::count)
                    .reversed()
                    .thenComparing(Group::exception)
                    .thenComparing(Group::place))
            .toList());
  }

  private record Key(String exception, String place) {}

  record Group(String exception, String place, long count, Instant oldest, Instant newest) {

    static Group of(DeskEntry entry) {
      var cause = entry.cause();
      var failed = entry.letter().failedAt();
      return new Group(cause.exception(), cause.place(), 1, failed, failed);
    }

    Group merge(Group other) {
      return new Group(
          exception,
          place,
          count + other.count,
          oldest.isBefore(other.oldest) ? oldest : other.oldest,
          newest.isAfter(other.newest) ? newest : other.newest);
    }
  }
}
