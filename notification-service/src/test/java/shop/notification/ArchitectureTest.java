package shop.notification;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The allowed dependencies between packages. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("shop.notification");

  @Test
  void rootDependsOnNoSubpackage() {
    noClasses()
        .that()
        .resideInAPackage("shop.notification")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("shop.notification.*..")
        .check(CLASSES);
  }

  @Test
  void queueDependsOnNeitherOrderNorMailNorContact() {
    noClasses()
        .that()
        .resideInAPackage("shop.notification.queue")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "shop.notification.order", "shop.notification.mail", "shop.notification.contact")
        .check(CLASSES);
  }

  @Test
  void mailDependsOnNoBroker() {
    noClasses()
        .that()
        .resideInAPackage("shop.notification.mail")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "shop.notification.order",
            "shop.notification.queue",
            "org.apache.kafka..",
            "org.springframework.amqp..")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("shop.notification.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
