package shop.gateway.keys;

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

/**
 * The signing keys of the configured folder: the last one by file name signs, all of them verify.
 * The gateway does not start without a key.
 */
@Component
final class SigningKeys implements VerificationKeys, SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);

  private final KeySettings settings;
  private volatile NavigableMap<String, SigningKey> keys = new TreeMap<>();

  SigningKeys(KeySettings settings) {
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
      throw new NoSigningKey("No folder of signing keys is configured: AUTH_KEYS_DIR is not set");
    }
    var folder = Path.of(settings.keysDir());
    var loaded = new TreeMap<String, SigningKey>();
    try (var files = Files.newDirectoryStream(folder, "*" + SigningKey.SUFFIX)) {
      for (Path file : files) {
        var key = SigningKey.read(file);
        loaded.put(key.id(), key);
      }
    } catch (IOException e) {
      throw new NoSigningKey("The folder of signing keys " + folder + " cannot be read", e);
    }
    if (loaded.isEmpty()) {
      throw new NoSigningKey("There is no signing key (*.pem) in " + folder);
    }
    keys = loaded;
    log.info("Signing access tokens with key {}; publishing {}", current().id(), loaded.keySet());
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
