package shop.payment;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * Arrows point inward: web, messaging, psp and questions know the domain, not each other, and it
 * knows none.
 */
class ArchitectureTest {

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("shop.payment");

  @Test
  void domainKnowsNoneOfItsSurroundings() {
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
  void surroundingsDoNotKnowEachOther() {
    for (String one : new String[] {"web", "messaging", "psp", "questions"}) {
      for (String other : new String[] {"web", "messaging", "psp", "questions"}) {
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

  @Test
  void booksKnowTheDomainAlone() {
    noClasses()
        .that()
        .resideInAPackage("shop.payment.books")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "shop.payment.web", "shop.payment.messaging", "shop.payment.psp", "com.stripe..")
        .check(classes);
  }
}
