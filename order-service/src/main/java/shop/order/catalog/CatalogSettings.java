package shop.order.catalog;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.io.Resource;

/**
 * The initial products.
 *
 * @param seed a file of products for an empty catalog; null to leave it empty
 */
@ConfigurationProperties("shop.catalog")
public record CatalogSettings(@Nullable Resource seed) {}
