package shop.payment.web;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the books are compared.
 *
 * @param settling payments younger than this may still be under way and are not compared, unless an
 *     admin asks for them
 */
@Validated
@ConfigurationProperties("shop.books")
record BooksSettings(@DefaultValue("2m") Duration settling) {

  BooksSettings {
    if (settling.isNegative()) {
      throw new IllegalArgumentException("shop.books.settling must not be below zero.");
    }
  }
}
