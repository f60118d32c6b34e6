package shop.common;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("shop.common");

  @Test
  void containsNoBusinessTypesAndNoUtilPackage() {
    noClasses()
        .should()
        .haveSimpleNameStartingWith("Order")
        .orShould()
        .haveSimpleNameStartingWith("Product")
        .orShould()
        .haveSimpleNameStartingWith("Payment")
        .orShould()
        .resideInAPackage("..util..")
        .check(classes);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("shop.common.(*)..").should().beFreeOfCycles().check(classes);
  }
}
