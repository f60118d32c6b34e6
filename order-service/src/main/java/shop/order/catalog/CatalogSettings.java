package shop.order.catalog;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.io.Resource;

/**
 * Where products come from.
 *
 * @param seed a file of products for a catalog that has none; null for none
 */
@ConfigurationProperties("shop.catalog")
public record CatalogSettings(@Nullable Resource seed) {}
