package shop.operations.web;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import shop.operations.DeskEntry;
import shop.operations.desk.ListPosition.Mark;
import shop.operations.desk.Query;

/** What the dead-letter desk shows to admins. */
@RestController
@RequestMapping("/admin/dlq")
class DeskController {

  private final ReadyDesk shown;

  DeskController(ReadyDesk shown) {
    this.shown = shown;
  }

  /** Entries, newest first. */
  @GetMapping
  Page list(
      @RequestParam MultiValueMap<String, String> parameters,
      @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit,
      @RequestParam(required = false) @Nullable String cursor) {
    Query query = Filter.query(parameters);
    Mark last = cursor == null ? null : Cursor.entry(cursor);
    List<DeskEntry> page = shown.find(query, last, limit + 1);
    if (page.size() <= limit) {
      return new Page(page.stream().map(EntryView::of).toList(), null);
    }
    var end = page.get(limit - 1).letter();
    return new Page(
        page.stream().limit(limit).map(EntryView::of).toList(),
        Cursor.text(new Mark(end.failedAt(), end.id())));
  }

  /** The same entries by exception and place, most frequent first. */
  @GetMapping("/groups")
  Groups groups(@RequestParam MultiValueMap<String, String> parameters) {
    return Groups.of(shown.find(Filter.query(parameters), null, Integer.MAX_VALUE));
  }

  /** One entry with its bytes and history; the version is its entity tag. */
  @GetMapping("/{id}")
  ResponseEntity<EntryDetail> show(@PathVariable String id) throws InterruptedException {
    DeskEntry entry = shown.entry(id);
    var detail = EntryDetail.of(entry, shown.letter(entry), shown::editedBody);
    return ResponseEntity.ok().eTag(EntryView.tag(entry.life())).body(detail);
  }

  record Page(List<EntryView> items, @Nullable String nextCursor) {}
}
