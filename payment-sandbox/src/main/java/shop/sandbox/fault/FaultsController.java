package shop.sandbox.fault;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Sets and removes faults: each {@code PUT} replaces the previous plan and its counters. */
@RestController
@RequestMapping("/sandbox/faults")
class FaultsController {

  private static final Logger LOG = LoggerFactory.getLogger(FaultsController.class);

  private final Faults faults;

  FaultsController(Faults faults) {
    this.faults = faults;
  }

  @GetMapping
  Faults.State get() {
    return faults.state();
  }

  @PutMapping
  Faults.State put(@RequestBody Faults.Plan plan) {
    faults.replace(plan);
    LOG.info("Fault plan replaced: {}", plan);
    return faults.state();
  }

  @DeleteMapping
  Faults.State delete() {
    var last = faults.state();
    faults.replace(new Faults.Plan(0L, List.of()));
    LOG.info("Fault plan removed; its last state: {}", last);
    return faults.state();
  }
}
