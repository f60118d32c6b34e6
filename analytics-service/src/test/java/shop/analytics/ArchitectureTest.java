package shop.analytics;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("shop.analytics");

  @Test
  void figuresDependOnNeitherKafkaNorBoardNorWeb() {
    noClasses()
        .that()
        .resideInAPackage("shop.analytics")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "shop.analytics.counting..",
            "shop.analytics.board..",
            "shop.analytics.web..",
            "org.apache.kafka..")
        .check(CLASSES);
  }

  @Test
  void countingDependsOnNeitherBoardNorWeb() {
    noClasses()
        .that()
        .resideInAPackage("shop.analytics.counting..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("shop.analytics.board..", "shop.analytics.web..")
        .check(CLASSES);
  }

  @Test
  void nothingDependsOnWeb() {
    noClasses()
        .that()
        .resideOutsideOfPackage("shop.analytics.web..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("shop.analytics.web..")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("shop.analytics.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
