package shop.notification.contact;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Time limits for reading the topic {@code accounts}.
 *
 * @param startTimeout how long the service may take to read all accounts at startup
 * @param lookupTimeout how long the lookup of an account that has not been read yet may take
 */
@Validated
@ConfigurationProperties("shop.notification.contacts")
record ContactSettings(
    @DefaultValue("120s") Duration startTimeout, @DefaultValue("10s") Duration lookupTimeout) {}
