package shop.operations;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("shop.operations");

  @Test
  void theRootPackageDependsOnNoOtherPackage() {
    noClasses()
        .that()
        .resideInAPackage("shop.operations")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "shop.operations.desk..", "shop.operations.redrive..", "shop.operations.web..")
        .check(CLASSES);
  }

  @Test
  void theDeskDoesNotDependOnRedrive() {
    noClasses()
        .that()
        .resideInAPackage("shop.operations.desk..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("shop.operations.redrive..", "shop.operations.web..")
        .check(CLASSES);
  }

  @Test
  void noPackageDependsOnWeb() {
    noClasses()
        .that()
        .resideOutsideOfPackage("shop.operations.web..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("shop.operations.web..")
        .check(CLASSES);
  }

  @Test
  void onlyRedriveWritesToKafka() {
    noClasses()
        .that()
        .resideOutsideOfPackage("shop.operations.redrive..")
        .should()
        .dependOnClassesThat()
        .haveSimpleName("KafkaTemplate")
        .check(CLASSES);
  }
}
