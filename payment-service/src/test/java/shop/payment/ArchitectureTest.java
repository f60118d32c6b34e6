package shop.payment;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * Dependencies point inward: web, messaging, psp and queries depend on the domain, not on each
 * other, and the domain depends on none of them.
 */
class ArchitectureTest {

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("shop.payment");

  @Test
  void domainDependsOnNoAdapter() {
    noClasses()
        .that()
        .resideInAPackage("shop.payment")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "shop.payment.*..",
            "org.apache.kafka..",
            "com.stripe..",
            "jakarta.servlet..",
            "org.springframework.amqp..")
        .check(classes);
  }

  @Test
  void adaptersDoNotDependOnEachOther() {
    for (String one : new String[] {"web", "messaging", "psp", "queries"}) {
      for (String other : new String[] {"web", "messaging", "psp", "queries"}) {
        if (!one.equals(other)) {
          noClasses()
              .that()
              .resideInAPackage("shop.payment." + one)
              .should()
              .dependOnClassesThat()
              .resideInAPackage("shop.payment." + other)
              .check(classes);
        }
      }
    }
  }

  /** The tables are below the log that fills them and reads what is old from them. */
  @Test
  void tablesDependOnDomainAndBooksOnly() {
    noClasses()
        .that()
        .resideInAPackage("shop.payment.archive")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "shop.payment.web",
            "shop.payment.messaging",
            "shop.payment.psp",
            "shop.payment.queries",
            "com.stripe..",
            "org.apache.kafka..")
        .check(classes);
  }

  @Test
  void booksDependOnTheDomainOnly() {
    noClasses()
        .that()
        .resideInAPackage("shop.payment.books")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "shop.payment.web",
            "shop.payment.messaging",
            "shop.payment.psp",
            "shop.payment.archive",
            "com.stripe..")
        .check(classes);
  }
}
