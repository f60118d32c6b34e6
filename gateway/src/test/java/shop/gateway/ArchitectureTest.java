package shop.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What may depend on what. */
class ArchitectureTest {

  private static final com.tngtech.archunit.core.domain.JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("shop.gateway");

  @Test
  void featuresHaveNoCycles() {
    slices().matching("shop.gateway.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void accountsSessionsAndRoutingKnowNothingOfAuth() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "shop.gateway.accounts", "shop.gateway.sessions", "shop.gateway.routing")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("shop.gateway.auth", "shop.gateway.problem")
        .check(CLASSES);
  }

  @Test
  void routingKnowsNothingOfAccountsAndSessions() {
    noClasses()
        .that()
        .resideInAPackage("shop.gateway.routing")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("shop.gateway.accounts", "shop.gateway.sessions")
        .check(CLASSES);
  }
}
