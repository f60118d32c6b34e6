package shop.notification.mail;

import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * What all mails have in common.
 *
 * @param from the sender's address; its domain also names the mails' ids
 * @param shopName how the shop calls itself
 */
@Validated
@ConfigurationProperties("shop.notification.mail")
record MailSettings(@NotBlank @Email String from, @NotBlank String shopName) {

  String domain() {
    return from.substring(from.indexOf('@') + 1);
  }
}
