package shop.operations.web;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import shop.operations.DeskEntry;

/** Entries that failed of the same exception at the same place, most frequent first. */
record Groups(List<Group> items) {

  static Groups of(List<DeskEntry> entries) {
    var groups = new HashMap<Key, Group>();
    entries.forEach(entry -> {
      var one = Group.of(entry);
      groups.merge(new Key(one.exception(), one.place()), one, Group::plus);
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

    Group plus(Group other) {
      return new Group(
          exception,
          place,
          count + other.count,
          oldest.isBefore(other.oldest) ? oldest : other.oldest,
          newest.isAfter(other.newest) ? newest : other.newest);
    }
  }
}
