package shop.sandbox;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Allowed dependencies between packages. */
class ArchitectureTest {

  private static final JavaClasses SANDBOX =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("shop.sandbox");

  @Test
  void theDomainDependsNeitherOnWebNorLedgerNorFaults() {
    noClasses()
        .that()
        .resideInAPackage("shop.sandbox")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("shop.sandbox.*..")
        .check(SANDBOX);
  }

  @Test
  void nothingDependsOnThePlatform() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackages("shop.common..", "shop.order..", "shop.payment..", "com.stripe..")
        .check(SANDBOX);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("shop.sandbox.(*)..").should().beFreeOfCycles().check(SANDBOX);
  }
}
