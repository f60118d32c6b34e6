package shop.payment;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A sandbox and an instance of the service over it, for all tests of a class. */
public final class ServiceUnderTest
    implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

  private final Supplier<Sandbox> sandboxes;
  private Sandbox sandbox;
  private RunningService service;

  private ServiceUnderTest(Supplier<Sandbox> sandboxes) {
    this.sandboxes = sandboxes;
  }

  /** One whose sandbox is like a PSP of today. */
  public static ServiceUnderTest usual() {
    return new ServiceUnderTest(Sandbox::start);
  }

  /** One whose sandbox forgets its keys, as a PSP does after a day. */
  static ServiceUnderTest forgetful() {
    return new ServiceUnderTest(Sandbox::forgetful);
  }

  public Sandbox sandbox() {
    return sandbox;
  }

  public RunningService service() {
    return service;
  }

  /** Stops the instance, lets something happen without it, and starts another. */
  public void without(Runnable happening) {
    service.close();
    try {
      happening.run();
    } finally {
      service = RunningService.at(sandbox);
    }
  }

  @Override
  public void beforeAll(ExtensionContext tests) {
    sandbox = sandboxes.get();
    service = RunningService.at(sandbox);
  }

  @Override
  public void afterEach(ExtensionContext test) {
    sandbox.noFaults();
  }

  @Override
  public void afterAll(ExtensionContext tests) {
    service.close();
    sandbox.close();
  }
}
