package shop.payment;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A sandbox and an instance of the service that uses it, for all tests of a class. */
public final class ServiceUnderTest
    implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

  private final Supplier<Sandbox> sandboxes;
  private Sandbox sandbox;
  private RunningService instance;

  private ServiceUnderTest(Supplier<Sandbox> sandboxes) {
    this.sandboxes = sandboxes;
  }

  /** With a sandbox in its default configuration. */
  public static ServiceUnderTest standard() {
    return new ServiceUnderTest(Sandbox::start);
  }

  /** With a sandbox whose idempotency keys expire at once, as they do at a PSP after a day. */
  static ServiceUnderTest withExpiringKeys() {
    return new ServiceUnderTest(Sandbox::withExpiringKeys);
  }

  public Sandbox sandbox() {
    return sandbox;
  }

  public RunningService instance() {
    return instance;
  }

  /** Stops the instance, runs an action, and starts another instance. */
  public void whileStopped(Runnable action) {
    instance.close();
    try {
      action.run();
    } finally {
      instance = RunningService.at(sandbox);
    }
  }

  @Override
  public void beforeAll(ExtensionContext tests) {
    sandbox = sandboxes.get();
    instance = RunningService.at(sandbox);
  }

  @Override
  public void afterEach(ExtensionContext test) {
    sandbox.noFaults();
  }

  @Override
  public void afterAll(ExtensionContext tests) {
    instance.close();
    sandbox.close();
  }
}
