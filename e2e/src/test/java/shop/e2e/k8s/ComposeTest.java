package shop.e2e.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import shop.local.broker.DatabaseSchemas;
import shop.local.os.Repository;

/** Rules for every container in docker-compose.yml. */
class ComposeTest {

  private static final Map<String, Map<String, Object>> CONTAINERS = containers();

  @Test
  void portsArePublishedOnLoopbackOnly() {
    assertThat(CONTAINERS.values())
        .flatExtracting(container -> (List<?>) container.getOrDefault("ports", List.of()))
        .isNotEmpty()
        .allSatisfy(port -> assertThat(port.toString()).startsWith("127.0.0.1:"));
  }

  @Test
  void everyContainerHasAHealthCheckAndALimit() {
    assertThat(CONTAINERS)
        .allSatisfy((name, container) ->
            assertThat(container).containsKeys("healthcheck", "mem_limit", "restart"));
  }

  @Test
  void dependenciesMustBeHealthyFirst() {
    assertThat(CONTAINERS)
        .allSatisfy((name, container) ->
            assertThat(map(container.get("depends_on")))
                .allSatisfy((needed, how) -> {
                  assertThat(CONTAINERS).containsKey(needed);
                  assertThat(map(how)).containsEntry("condition", "service_healthy");
                }));
  }

  @Test
  void everyEnvironmentNameIsRead() {
    assertThat(services())
        .hasSize(7)
        .allSatisfy((name, container) ->
            assertThat(ServiceSettings.of(name).read())
                .containsAll(map(container.get("environment")).keySet()));
  }

  @Test
  void noServiceExpectsAnotherInItsOwnContainer() {
    assertThat(services())
        .allSatisfy((name, container) ->
            assertThat(map(container.get("environment")).keySet())
                .containsAll(ServiceSettings.of(name).ofThisMachine()));
  }

  /** A full Redis of orders must not prevent logins. */
  @Test
  void sessionsHaveARedisOfTheirOwn() {
    assertThat(map(CONTAINERS.get("gateway").get("environment")).get("SESSIONS_REDIS_HOST"))
        .isNotEqualTo(map(CONTAINERS.get("order-service").get("environment")).get("REDIS_HOST"));
  }

  @Test
  void postgresPreparesTheSchemaOfEveryService() {
    var postgres = CONTAINERS.get("postgres");
    assertThat(map(postgres.get("environment")).keySet())
        .filteredOn(variable -> variable.endsWith("_DATABASE_PASSWORD"))
        .containsExactlyInAnyOrderElementsOf(schemaPasswords());
    assertThat((List<?>) postgres.get("volumes"))
        .anyMatch(volume -> volume.toString().startsWith("./docker/postgres/schemas.sql:"));
    assertThat(Yaml.text(Repository.root().resolve("docker/postgres/schemas.sql")).lines())
        .filteredOn(line -> line.startsWith("\\getenv"))
        .extracting(line -> line.replaceAll(".* ", ""))
        .containsExactlyInAnyOrderElementsOf(schemaPasswords());
  }

  /** The variables with the passwords of the roles. */
  static List<String> schemaPasswords() {
    return DatabaseSchemas.NAMES.stream()
        .map(schema -> schema.toUpperCase(Locale.ROOT) + "_DATABASE_PASSWORD")
        .toList();
  }

  @Test
  void secretsHaveNoDefault() {
    assertThat(CONTAINERS)
        .allSatisfy((name, container) ->
            assertThat(map(container.get("environment")))
                .allSatisfy((variable, value) -> {
                  if (variable.matches(".*(PASSWORD|_PASS|_KEY)")) {
                    assertThat(value.toString()).matches("\\$\\{[A-Z_]+:\\?.*docker/secrets.*}");
                  }
                }));
  }

  private static Map<String, Map<String, Object>> services() {
    var services = new TreeMap<>(CONTAINERS);
    services.values().removeIf(container -> !container.get("image").toString().startsWith("shop/"));
    return services;
  }

  private static Map<String, Map<String, Object>> containers() {
    var file = Yaml.document(Repository.root().resolve("docker-compose.yml"));
    var containers = new TreeMap<String, Map<String, Object>>();
    map(file.get("services")).forEach((name, container) -> containers.put(name, map(container)));
    return containers;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object fields) {
    return fields == null ? Map.of() : (Map<String, Object>) fields;
  }
}
