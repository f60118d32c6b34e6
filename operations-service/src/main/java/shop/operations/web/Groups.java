package shop.operations.web;

import java.time.Instant;
import java.util.List;
import shop.operations.CauseGroup;

/** Counts of entries by exception and place of the latest failure, most frequent first. */
record Groups(List<Group> items) {

  static Groups of(List<CauseGroup> groups) {
    return new Groups(groups.stream().map(Group::of).toList());
  }

  record Group(String exception, String place, long count, Instant oldest, Instant newest) {

    static Group of(CauseGroup group) {
      return new Group(
          group.exception(), group.place(), group.count(), group.oldest(), group.newest());
    }
  }
}
