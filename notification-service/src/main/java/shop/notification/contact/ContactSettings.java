package shop.notification.contact;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Lookups of contacts.
 *
 * @param lookupTimeout how long the lookup of an account that is not in the table may wait until
 *     the table has the topic {@code accounts} to its end
 */
@Validated
@ConfigurationProperties("shop.notification.contacts")
record ContactSettings(@DefaultValue("10s") Duration lookupTimeout) {}
