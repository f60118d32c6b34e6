package shop.bench.bare;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Spring Cloud Gateway as its starter sets it up; {@code UPSTREAM} is where its one route leads.
 */
@SpringBootApplication
class BareGateway {

  static void main(String[] arguments) {
    SpringApplication.run(BareGateway.class, arguments);
  }
}
