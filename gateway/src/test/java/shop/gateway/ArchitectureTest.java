package shop.gateway;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The allowed dependencies between packages. */
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
  void accountsSessionsKeysAndRoutingDoNotDependOnAuth() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "shop.gateway.accounts",
            "shop.gateway.sessions",
            "shop.gateway.keys",
            "shop.gateway.routing")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("shop.gateway.auth", "shop.gateway.problem")
        .check(CLASSES);
  }

  @Test
  void keysDoNotDependOnSessions() {
    noClasses()
        .that()
        .resideInAPackage("shop.gateway.keys")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("shop.gateway.sessions")
        .check(CLASSES);
  }

  @Test
  void routingDoesNotDependOnAccountsKeysAndSessions() {
    noClasses()
        .that()
        .resideInAPackage("shop.gateway.routing")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("shop.gateway.accounts", "shop.gateway.keys", "shop.gateway.sessions")
        .check(CLASSES);
  }

  @Test
  void onlyTheEdgeReadsTheAddressOfARequest() {
    noClasses()
        .that()
        .resideOutsideOfPackage("shop.gateway.edge")
        .should()
        .callMethodWhere(target(name("getRemoteAddress")))
        .check(CLASSES);
  }
}
