package shop.gateway.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import shop.common.lifecycle.Phases;
import shop.common.security.VerificationKeys;

/** The keys of the folder: the last by name signs, all verify. Without one nothing starts. */
@Component
final class SigningKeys implements VerificationKeys, SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);

  private final AuthSettings settings;
  private volatile NavigableMap<String, SigningKey> keys = new TreeMap<>();

  SigningKeys(AuthSettings settings) {
    this.settings = settings;
  }

  SigningKey current() {
    return keys.lastEntry().getValue();
  }

  Collection<SigningKey> all() {
    return keys.values();
  }

  @Override
  public Optional<PublicKey> find(String keyId) {
    return Optional.ofNullable(keys.get(keyId)).map(SigningKey::publicKey);
  }

  @Override
  public void start() {
    if (settings.keysDir().isBlank()) {
      throw new NoSigningKey("There is no folder of signing keys: AUTH_KEYS_DIR is not set");
    }
    var folder = Path.of(settings.keysDir());
    var found = new TreeMap<String, SigningKey>();
    try (var files = Files.newDirectoryStream(folder, "*" + SigningKey.SUFFIX)) {
      for (Path file : files) {
        var key = SigningKey.read(file);
        found.put(key.id(), key);
      }
    } catch (IOException e) {
      throw new NoSigningKey("The folder of signing keys, " + folder + ", cannot be read", e);
    }
    if (found.isEmpty()) {
      throw new NoSigningKey("There is no signing key (*.pem) in " + folder);
    }
    keys = found;
    log.info("Tokens are signed with key {} of {}", current().id(), found.keySet());
  }

  @Override
  public void stop() {
    keys = new TreeMap<>();
  }

  @Override
  public boolean isRunning() {
    return !keys.isEmpty();
  }

  @Override
  public int getPhase() {
    return Phases.PRECONDITIONS;
  }
}
