package shop.payment.web;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of the reconciliation.
 *
 * @param minAge younger payments may be in progress and are compared only if the request names an
 *     end
 * @param period the length of the compared period if the request names no beginning
 */
@Validated
@ConfigurationProperties("shop.books")
record BooksSettings(@DefaultValue("2m") Duration minAge, @DefaultValue("24h") Duration period) {

  BooksSettings {
    if (minAge.isNegative()) {
      throw new IllegalArgumentException("shop.books.min-age must not be below zero.");
    }
    if (!period.isPositive()) {
      throw new IllegalArgumentException("shop.books.period must be above zero.");
    }
  }
}
