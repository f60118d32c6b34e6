package shop.order;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import shop.order.redis.Epoch;
import shop.order.redis.RedisUnavailable;

class ArchitectureTest {

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("shop.order");

  @Test
  void arrowsPointInward() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("web")
        .definedBy("shop.order.web..")
        .layer("placement")
        .definedBy("shop.order.placement")
        .layer("commands")
        .definedBy("shop.order.commands")
        .layer("reconciling")
        .definedBy("shop.order.reconciling")
        .layer("tracking")
        .definedBy("shop.order.tracking")
        .layer("processing")
        .definedBy("shop.order.processing")
        .layer("projection")
        .definedBy("shop.order.projection")
        .layer("catalog")
        .definedBy("shop.order.catalog")
        .layer("storage")
        .definedBy("shop.order.storage")
        .layer("store")
        .definedBy("shop.order.store")
        .layer("redis")
        .definedBy("shop.order.redis")
        .layer("kafka")
        .definedBy("shop.order.kafka")
        .layer("domain")
        .definedBy("shop.order")
        .whereLayer("web")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("processing")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("projection")
        .mayOnlyBeAccessedByLayers("web")
        .whereLayer("placement")
        .mayOnlyBeAccessedByLayers("web")
        .whereLayer("reconciling")
        .mayOnlyBeAccessedByLayers("web")
        .whereLayer("tracking")
        .mayOnlyBeAccessedByLayers("web")
        .whereLayer("commands")
        .mayOnlyBeAccessedByLayers("web", "placement", "reconciling", "tracking")
        .whereLayer("catalog")
        .mayOnlyBeAccessedByLayers("web", "placement", "projection")
        .whereLayer("storage")
        .mayOnlyBeAccessedByLayers("placement")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers(
            "web", "placement", "reconciling", "tracking", "catalog", "projection")
        .whereLayer("redis")
        .mayOnlyBeAccessedByLayers(
            "web", "placement", "reconciling", "tracking", "projection", "store")
        .whereLayer("kafka")
        .mayOnlyBeAccessedByLayers("commands", "tracking", "catalog", "processing", "projection")
        .check(classes);
  }

  @Test
  void domainDependsOnNoOtherPackageNorOnKafkaNorOnHttp() {
    noClasses()
        .that()
        .resideInAPackage("shop.order")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "shop.order.*..",
            "shop.common.kafka..",
            "shop.common.problem..",
            "org.apache.kafka..",
            "org.springframework.kafka..",
            "org.springframework.http..",
            "org.springframework.web..",
            "jakarta.servlet..")
        .check(classes);
  }

  /**
   * HTTP requests, views and preconditions of the catalog are in {@code shop.order.web.catalog}.
   */
  @Test
  void catalogDoesNotDependOnHttp() {
    noClasses()
        .that()
        .resideInAPackage("shop.order.catalog")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.springframework.http..", "org.springframework.web..", "jakarta.servlet..")
        .check(classes);
  }

  /** Others see of Redis only whether it is open or unavailable. */
  @Test
  void onlyTheStoreSendsCommandsToRedis() {
    noClasses()
        .that()
        .resideOutsideOfPackages("shop.order.store", "shop.order.redis")
        .should()
        .dependOnClassesThat(
            resideInAPackage("shop.order.redis")
                .and(not(belongToAnyOf(Epoch.class, RedisUnavailable.class))))
        .check(classes);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("shop.order.(*)..").should().beFreeOfCycles().check(classes);
  }
}
