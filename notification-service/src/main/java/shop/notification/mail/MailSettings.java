package shop.notification.mail;

import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of all mails.
 *
 * @param from the sender's address; its domain is also the domain of each Message-ID
 * @param shopName the name of the shop in the mails
 */
@Validated
@ConfigurationProperties("shop.notification.mail")
record MailSettings(@NotBlank @Email String from, @NotBlank String shopName) {

  String domain() {
    return from.substring(from.indexOf('@') + 1);
  }
}
