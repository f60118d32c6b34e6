package shop.e2e.k8s;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import shop.local.os.Repository;

/**
 * The environment variables of one service.
 *
 * @param read all variables in its configuration
 * @param ofThisMachine those whose default is an address or folder of this machine
 */
record ServiceSettings(Set<String> read, Set<String> ofThisMachine) {

  private static final Pattern NAME = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)(?::([^}]*))?}");
  private static final Pattern IMAGE_NAME = Pattern.compile("([A-Z][A-Z0-9_]*)=");

  /** Reads the module's configuration; the variables that the image sets count as read. */
  static ServiceSettings of(String service) {
    var resources = "src/main/resources";
    var own = Repository.root().resolve(service).resolve(resources).resolve("application.yml");
    var text = Yaml.text(own);
    if (text.contains("shop-defaults.yml")) {
      text +=
          Yaml.text(Repository.root().resolve("common").resolve(resources, "shop-defaults.yml"));
    }
    var read = new TreeSet<String>();
    var ofThisMachine = new TreeSet<String>();
    var matcher = NAME.matcher(text);
    while (matcher.find()) {
      read.add(matcher.group(1));
      var standard = matcher.group(2);
      if (standard != null && (standard.contains("127.0.0.1") || standard.contains(".local/"))) {
        ofThisMachine.add(matcher.group(1));
      }
    }
    var image = image();
    ofThisMachine.removeAll(image);
    read.addAll(image);
    return new ServiceSettings(read, ofThisMachine);
  }

  /** The variables that the Dockerfile sets. */
  private static Set<String> image() {
    var names = new TreeSet<String>();
    Yaml.text(Repository.root().resolve("Dockerfile"))
        .lines()
        .filter(line -> line.startsWith("ENV PORT="))
        .forEach(line -> {
          var matcher = IMAGE_NAME.matcher(line);
          while (matcher.find()) {
            names.add(matcher.group(1));
          }
        });
    return names;
  }
}
