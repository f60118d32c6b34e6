package shop.operations.web;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import shop.operations.DeskEntry;
import shop.operations.desk.EntryQuery;
import shop.operations.desk.SortKey;

/** Lists, groups and shows dead letters. */
@RestController
@RequestMapping(path = "/admin/dlq", produces = MediaType.APPLICATION_JSON_VALUE)
class DeskController {

  private final ReadyDesk readyDesk;

  DeskController(ReadyDesk readyDesk) {
    this.readyDesk = readyDesk;
  }

  /** Lists entries, newest first. */
  @GetMapping
  @EntryFilter.Parameters
  Page list(
      @RequestParam MultiValueMap<String, String> parameters,
      @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit,
      @RequestParam(required = false) @Nullable String cursor) {
    EntryQuery query = EntryFilter.query(parameters);
    SortKey last = cursor == null ? null : Cursor.decodeSortKey(cursor);
    List<DeskEntry> page = readyDesk.find(query, last, limit + 1);
    if (page.size() <= limit) {
      return new Page(page.stream().map(EntryView::of).toList(), null);
    }
    var end = page.get(limit - 1).letter();
    return new Page(
        page.stream().limit(limit).map(EntryView::of).toList(),
        Cursor.encode(new SortKey(end.failedAt(), end.id())));
  }

  /** Groups the same entries by exception and place, most frequent first. */
  @GetMapping("/groups")
  @EntryFilter.Parameters
  Groups groups(@RequestParam MultiValueMap<String, String> parameters) {
    return Groups.of(readyDesk.groups(EntryFilter.query(parameters)));
  }

  /** Shows an entry with its message and history; its version is the entity tag. */
  @GetMapping("/{id}")
  ResponseEntity<EntryDetail> show(@PathVariable String id) throws InterruptedException {
    DeskEntry entry = readyDesk.entry(id);
    var detail = EntryDetail.of(entry, readyDesk.deadLetter(entry), readyDesk::editedBody);
    return ResponseEntity.ok().eTag(EntryView.tag(entry.history()).toString()).body(detail);
  }

  record Page(List<EntryView> items, @Nullable String nextCursor) {}
}
