package shop.order;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Takes orders, decides their states, and shows them. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class OrderService {

  public static void main(String[] arguments) {
    SpringApplication.run(OrderService.class, arguments);
  }
}
