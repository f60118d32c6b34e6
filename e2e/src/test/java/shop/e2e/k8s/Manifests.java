package shop.e2e.k8s;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import shop.local.os.Repository;

/**
 * The Kubernetes objects of one kustomization.
 *
 * @param name its folder and how it was read
 */
record Manifests(String name, List<HasMetadata> objects) {

  static final Path K8S = Repository.root().resolve("k8s");
  static final Path OVERLAY = K8S.resolve("overlays/local");

  /** Base and overlay as written and, if kubectl is installed, as rendered by it. */
  static List<Manifests> all() {
    return Stream.of(K8S.resolve("base"), OVERLAY)
        .flatMap(folder -> Stream.concat(Stream.of(written(folder)), rendered(folder)))
        .toList();
  }

  /** The overlay as written. */
  static Manifests overlay() {
    return written(OVERLAY);
  }

  @Override
  public String toString() {
    return name;
  }

  <T> List<T> of(Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The pods of Deployments and StatefulSets, by name. */
  Map<String, PodTemplateSpec> pods() {
    var pods = new LinkedHashMap<String, PodTemplateSpec>();
    of(Deployment.class)
        .forEach(d -> pods.put(d.getMetadata().getName(), d.getSpec().getTemplate()));
    of(StatefulSet.class)
        .forEach(s -> pods.put(s.getMetadata().getName(), s.getSpec().getTemplate()));
    return pods;
  }

  /** The containers of our own services, by the service's name. */
  Map<String, Container> services() {
    var services = new LinkedHashMap<String, Container>();
    pods()
        .forEach((name, pod) -> {
          var container = pod.getSpec().getContainers().getFirst();
          if (container.getImage().startsWith("shop/")) {
            services.put(name, container);
          }
        });
    return services;
  }

  ConfigMap configMap(String name) {
    return of(ConfigMap.class).stream()
        .filter(map -> map.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("There is no ConfigMap " + name));
  }

  private static Manifests written(Path folder) {
    var objects = new ArrayList<HasMetadata>();
    var configuration = new LinkedHashMap<String, Map<String, String>>();
    collect(folder, objects, configuration);
    configuration.forEach((name, data) ->
        objects.add(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withData(data)
                .build()));
    return new Manifests(K8S.relativize(folder) + " as written", objects);
  }

  private static void collect(
      Path folder, List<HasMetadata> objects, Map<String, Map<String, String>> configuration) {
    var kustomization = Yaml.document(folder.resolve("kustomization.yaml"));
    for (var resource : list(kustomization, "resources")) {
      var path = folder.resolve(resource.toString()).normalize();
      if (Files.isDirectory(path)) {
        collect(path, objects, configuration);
      } else {
        objects.addAll(Yaml.objects(Yaml.text(path)));
      }
    }
    for (var generator : list(kustomization, "configMapGenerator")) {
      @SuppressWarnings("unchecked")
      var fields = (Map<String, Object>) generator;
      var data =
          configuration.computeIfAbsent(
              fields.get("name").toString(), name -> new LinkedHashMap<>());
      for (var literal : list(fields, "literals")) {
        var parts = literal.toString().split("=", 2);
        data.put(parts[0], parts[1]);
      }
    }
  }

  /** The overlay's patches of Deployments. */
  static List<Deployment> patches() {
    return list(Yaml.document(OVERLAY.resolve("kustomization.yaml")), "patches").stream()
        .map(patch -> ((Map<?, ?>) patch).get("path"))
        .filter(path -> path != null)
        .flatMap(path -> Yaml.objects(Yaml.text(OVERLAY.resolve(path.toString()))).stream())
        .map(Deployment.class::cast)
        .toList();
  }

  private static List<?> list(Map<String, Object> fields, String name) {
    return (List<?>) fields.getOrDefault(name, List.of());
  }

  private static Stream<Manifests> rendered(Path folder) {
    return Repository.executable("kubectl").stream()
        .map(kubectl ->
            new Manifests(
                K8S.relativize(folder) + " as rendered", Yaml.objects(render(kubectl, folder))));
  }

  private static String render(Path kubectl, Path folder) {
    try {
      var process = new ProcessBuilder(kubectl.toString(), "kustomize", folder.toString()).start();
      var errors = process.errorReader();
      var yaml = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            "kubectl cannot render " + folder + ": " + String.join("\n", errors.readAllLines()));
      }
      return yaml;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
