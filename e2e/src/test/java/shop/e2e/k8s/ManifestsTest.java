package shop.e2e.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules for every manifest; unknown fields are rejected when a manifest is read. */
class ManifestsTest {

  private static final String SOURCES = "shop.e2e.k8s.Manifests#all";

  private static final Set<String> SCALED =
      Set.of(
          "gateway",
          "order-service",
          "payment-service",
          "notification-service",
          "analytics-service");

  @Test
  void unknownFieldIsRejected() {
    var misspelt =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: gateway}
        spec: {ports: [{port: 80, targtPort: http}]}
        """;
    assertThatThrownBy(() -> Yaml.objects(misspelt)).hasMessageContaining("targtPort");
  }

  @Test
  void numberInATextFieldIsRejected() {
    var unquoted =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: platform}
        data: {REDIS_PORT: 6379}
        """;
    assertThatThrownBy(() -> Yaml.objects(unquoted)).hasMessageContaining("REDIS_PORT");
  }

  @ParameterizedTest
  @MethodSource(SOURCES)
  void everyContainerHasProbesAndLimits(Manifests manifests) {
    assertThat(manifests.pods())
        .isNotEmpty()
        .allSatisfy((name, pod) ->
            assertThat(pod.getSpec().getContainers())
                .allSatisfy(container -> {
                  assertThat(container.getStartupProbe()).as("startup probe").isNotNull();
                  assertThat(container.getReadinessProbe()).as("readiness probe").isNotNull();
                  assertThat(container.getLivenessProbe()).as("liveness probe").isNotNull();
                  var resources = container.getResources();
                  assertThat(resources.getRequests()).containsKeys("cpu", "memory");
                  assertThat(resources.getLimits().get("memory"))
                      .isEqualTo(resources.getRequests().get("memory"));
                }));
  }

  @ParameterizedTest
  @MethodSource(SOURCES)
  void servicesAreProbedAtTheirHealthEndpoints(Manifests manifests) {
    assertThat(manifests.services())
        .hasSizeGreaterThanOrEqualTo(6)
        .allSatisfy((name, service) -> {
          assertThat(service.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/readyz");
          assertThat(service.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/livez");
          // A readiness endpoint here would restart a service that waits for its brokers.
          assertThat(service.getStartupProbe().getHttpGet().getPath()).isEqualTo("/livez");
          assertThat(service.getLifecycle().getPreStop()).isNotNull();
        });
  }

  @ParameterizedTest
  @MethodSource(SOURCES)
  void autoscaledDeploymentsDeclareNoReplicas(Manifests manifests) {
    var deployments =
        manifests.of(Deployment.class).stream()
            .collect(Collectors.toMap(d -> d.getMetadata().getName(), d -> d));
    var scalers = manifests.of(HorizontalPodAutoscaler.class);
    assertThat(scalers)
        .extracting(scaler -> scaler.getSpec().getScaleTargetRef().getName())
        .containsExactlyInAnyOrderElementsOf(SCALED);
    assertThat(scalers)
        .allSatisfy(scaler -> {
          var target = deployments.get(scaler.getSpec().getScaleTargetRef().getName());
          assertThat(target.getSpec().getReplicas()).isNull();
          assertThat(scaler.getSpec().getBehavior().getScaleUp().getStabilizationWindowSeconds())
              .as("longer than a JVM's start")
              .isGreaterThanOrEqualTo(60);
        });
    assertThat(manifests.of(PodDisruptionBudget.class))
        .extracting(budget -> budget.getMetadata().getName())
        .containsAll(SCALED);
  }

  @ParameterizedTest
  @MethodSource(SOURCES)
  void nothingRunsAsRoot(Manifests manifests) {
    assertThat(manifests.pods())
        .allSatisfy((name, pod) -> {
          assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
          assertThat(pod.getSpec().getAutomountServiceAccountToken())
              .isEqualTo(name.equals("gateway"));
          // REDIS_PORT=tcp://… from a Service named redis.
          assertThat(pod.getSpec().getEnableServiceLinks()).as("service links").isFalse();
          assertThat(pod.getSpec().getContainers())
              .allSatisfy(container -> {
                var context = container.getSecurityContext();
                assertThat(context.getAllowPrivilegeEscalation()).isFalse();
                assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
              });
        });
    assertThat(manifests.services())
        .allSatisfy((name, service) ->
            assertThat(service.getSecurityContext().getReadOnlyRootFilesystem()).isTrue());
  }

  @ParameterizedTest
  @MethodSource(SOURCES)
  void theGatewayMayReadEndpointSlicesAndNothingElse(Manifests manifests) {
    var account = manifests.pods().get("gateway").getSpec().getServiceAccountName();
    assertThat(manifests.of(ServiceAccount.class))
        .singleElement()
        .satisfies(it -> assertThat(it.getMetadata().getName()).isEqualTo(account));
    var role = assertThat(manifests.of(Role.class)).singleElement().actual();
    assertThat(role.getRules())
        .singleElement()
        .satisfies(rule -> {
          assertThat(rule.getApiGroups()).containsExactly("discovery.k8s.io");
          assertThat(rule.getResources()).containsExactly("endpointslices");
          assertThat(rule.getVerbs()).containsExactly("get", "list", "watch");
        });
    var binding = assertThat(manifests.of(RoleBinding.class)).singleElement().actual();
    assertThat(binding.getRoleRef().getName()).isEqualTo(role.getMetadata().getName());
    assertThat(binding.getSubjects())
        .singleElement()
        .satisfies(subject -> assertThat(subject.getName()).isEqualTo(account));
  }

  /** {@code k8s+http://order-service:http} names a Service and one of its ports. */
  @ParameterizedTest
  @MethodSource(SOURCES)
  void theGatewayWatchesServicesByPortsThatTheyHave(Manifests manifests) {
    var ports =
        manifests.of(Service.class).stream()
            .flatMap(service ->
                service.getSpec().getPorts().stream()
                    .map(port ->
                        "k8s+http://" + service.getMetadata().getName() + ":" + port.getName()));
    var urls =
        manifests.services().get("gateway").getEnvFrom().stream()
            .map(source -> manifests.configMap(source.getConfigMapRef().getName()).getData())
            .flatMap(data -> data.entrySet().stream())
            .filter(variable -> variable.getKey().endsWith("_SERVICE_URLS"))
            .map(Map.Entry::getValue)
            .toList();
    assertThat(urls).hasSize(5);
    assertThat(ports).containsAll(urls);
  }

  @ParameterizedTest
  @MethodSource(SOURCES)
  void everyEnvironmentNameIsRead(Manifests manifests) {
    var unread = new TreeSet<String>();
    var read = new TreeSet<String>();
    manifests
        .services()
        .forEach((name, service) -> {
          var settings = ServiceSettings.of(name);
          assertThat(settings.read()).as(name).containsAll(own(service));
          shared(manifests, service).forEach(unread::add);
          read.addAll(settings.read());
        });
    unread.removeAll(read);
    assertThat(unread).as("in the ConfigMap, read by no service").isEmpty();
  }

  @Test
  void everyEnvironmentNameOfAPatchIsRead() {
    assertThat(Manifests.patches())
        .isNotEmpty()
        .allSatisfy(patch -> {
          var container = patch.getSpec().getTemplate().getSpec().getContainers().getFirst();
          assertThat(ServiceSettings.of(patch.getMetadata().getName()).read())
              .containsAll(own(container));
        });
  }

  @ParameterizedTest
  @MethodSource(SOURCES)
  void noServiceExpectsAnotherOnItsOwnMachine(Manifests manifests) {
    assertThat(manifests.services())
        .allSatisfy((name, service) ->
            assertThat(Stream.concat(own(service).stream(), shared(manifests, service)))
                .containsAll(ServiceSettings.of(name).ofThisMachine()));
  }

  @ParameterizedTest
  @MethodSource(SOURCES)
  void secretsAreOnlyReferenced(Manifests manifests) {
    // The manifests contain no Secret: reading them would have failed.
    assertThat(manifests.pods())
        .allSatisfy((name, pod) ->
            assertThat(pod.getSpec().getContainers().getFirst().getEnv())
                .filteredOn(variable -> variable.getName().matches(".*(PASSWORD|_PASS|_KEY)"))
                .allSatisfy(variable -> {
                  assertThat(variable.getValue()).as(variable.getName()).isNull();
                  assertThat(variable.getValueFrom().getSecretKeyRef()).isNotNull();
                }));
  }

  @Test
  void postgresPreparesTheSchemaOfEveryServiceAndNobodyElseReachesIt() {
    var overlay = Manifests.overlay();
    var container = overlay.pods().get("postgres").getSpec().getContainers().getFirst();
    assertThat(own(container)).containsAll(ComposeTest.schemaPasswords());
    assertThat(overlay.of(NetworkPolicy.class))
        .filteredOn(policy -> policy.getMetadata().getName().equals("postgres"))
        .singleElement()
        .satisfies(policy -> {
          var from = policy.getSpec().getIngress().getFirst().getFrom().getFirst();
          assertThat(from.getPodSelector().getMatchExpressions().getFirst().getValues())
              .isSubsetOf(overlay.services().keySet())
              .hasSameSizeAs(ComposeTest.schemaPasswords());
        });
  }

  @ParameterizedTest
  @MethodSource(SOURCES)
  void theManagementPortIsScrapedAndBehindNoService(Manifests manifests) {
    assertThat(manifests.of(Service.class))
        .flatExtracting(service -> service.getSpec().getPorts())
        .noneMatch(port -> "management".equals(port.getTargetPort().getStrVal()));
    assertThat(manifests.services())
        .allSatisfy((name, service) ->
            assertThat(service.getPorts())
                .anySatisfy(port -> {
                  assertThat(port.getName()).isEqualTo("management");
                  assertThat(port.getContainerPort()).isEqualTo(9080);
                }));
  }

  @ParameterizedTest
  @MethodSource(SOURCES)
  void everyServiceTargetsAPortOfItsPods(Manifests manifests) {
    var pods = manifests.pods();
    assertThat(manifests.of(Service.class))
        .isNotEmpty()
        .allSatisfy(service -> {
          var pod = pods.get(service.getMetadata().getName());
          assertThat(pod.getMetadata().getLabels())
              .containsAllEntriesOf(service.getSpec().getSelector());
          var ports =
              pod.getSpec().getContainers().stream()
                  .flatMap(container -> container.getPorts().stream())
                  .map(ContainerPort::getName);
          assertThat(ports)
              .containsAll(
                  service.getSpec().getPorts().stream()
                      .map(port -> port.getTargetPort().getStrVal())
                      .toList());
        });
  }

  private static List<String> own(Container container) {
    return container.getEnv().stream().map(EnvVar::getName).toList();
  }

  private static Stream<String> shared(Manifests manifests, Container container) {
    return container.getEnvFrom().stream()
        .flatMap(source ->
            manifests.configMap(source.getConfigMapRef().getName()).getData().keySet().stream());
  }
}
