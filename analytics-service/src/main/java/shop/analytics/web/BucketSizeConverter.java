package shop.analytics.web;

import org.springframework.core.convert.converter.Converter;
import org.springframework.stereotype.Component;
import shop.analytics.BucketSize;

/** Converts query parameters to bucket sizes. */
@Component
final class BucketSizeConverter implements Converter<String, BucketSize> {

  @Override
  public BucketSize convert(String label) {
    return BucketSize.of(label);
  }
}
