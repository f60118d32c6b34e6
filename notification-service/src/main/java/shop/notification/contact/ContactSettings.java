package shop.notification.contact;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How contacts are read.
 *
 * @param startTimeout how long a starting service may take to read all accounts
 * @param lookupTimeout how long a look-up of an account that is not known yet may take
 */
@Validated
@ConfigurationProperties("shop.notification.contacts")
record ContactSettings(
    @DefaultValue("120s") Duration startTimeout, @DefaultValue("10s") Duration lookupTimeout) {}
