package shop.sandbox;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What may depend on what. */
class ArchitectureTest {

  private static final JavaClasses SANDBOX =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("shop.sandbox");

  @Test
  void theDomainKnowsNeitherWireNorFileNorFaults() {
    noClasses()
        .that()
        .resideInAPackage("shop.sandbox")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("shop.sandbox.*..")
        .check(SANDBOX);
  }

  @Test
  void nothingHereKnowsThePlatform() {
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
