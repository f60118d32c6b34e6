package shop.analytics.web;

import org.springframework.core.convert.converter.Converter;
import org.springframework.stereotype.Component;
import shop.analytics.BucketSize;

/** Bucket sizes as written in URLs. */
@Component
final class BucketSizes implements Converter<String, BucketSize> {

  @Override
  public BucketSize convert(String label) {
    return BucketSize.of(label);
  }
}
