package shop.order.web;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import shop.order.projection.RebuildProgress;
import shop.order.projection.RedisWatch;

/** For admins: how much of the log Redis contains, and a way to rebuild it. */
@RestController
@RequestMapping(path = "/admin/orders/projection", produces = MediaType.APPLICATION_JSON_VALUE)
class ProjectionController {

  private final RedisWatch watch;

  ProjectionController(RedisWatch watch) {
    this.watch = watch;
  }

  @GetMapping
  RebuildProgress.Report show() {
    return watch.progress().report();
  }

  /** Empties Redis and rebuilds it from the log; requests get 503 until it is complete. */
  @PostMapping("/rebuilds")
  @ResponseStatus(HttpStatus.ACCEPTED)
  RebuildProgress.Report rebuild() {
    watch.requestRebuild();
    return watch.progress().report();
  }
}
