package shop.order;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

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
        .definedBy("shop.order.web")
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
        .layer("store")
        .definedBy("shop.order.store")
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
        .mayOnlyBeAccessedByLayers("placement", "projection")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers(
            "web", "placement", "reconciling", "tracking", "catalog", "projection")
        .check(classes);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("shop.order.(*)..").should().beFreeOfCycles().check(classes);
  }
}
