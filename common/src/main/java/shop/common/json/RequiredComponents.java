package shop.common.json;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks that every record component without {@code @Nullable} is present, also in nested records,
 * collections and the values of maps.
 */
final class RequiredComponents {

  private static final ClassValue<List<Component>> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected List<Component> computeValue(Class<?> type) {
          return Stream.of(type.getRecordComponents())
              .filter(component -> !component.getType().isPrimitive())
              .map(Component::of)
              .toList();
        }
      };

  private RequiredComponents() {}

  private record Component(String name, boolean optional, MethodHandle accessor) {

    static Component of(RecordComponent component) {
      try {
        var accessor = component.getAccessor();
        accessor.setAccessible(true);
        return new Component(
            component.getName(),
            component.getAnnotatedType().isAnnotationPresent(Nullable.class),
            MethodHandles.lookup().unreflect(accessor));
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }

    @Nullable Object valueIn(Object owner) {
      try {
        return accessor.invoke(owner);
      } catch (Throwable e) {
        throw new IllegalStateException("A record accessor failed", e);
      }
    }
  }

  /**
   * The path of the first missing component, such as {@code lines.0.sku}; null if none is missing.
   */
  static @Nullable String missing(Object value) {
    return switch (value) {
      case Record components -> missingOf(components);
      case Collection<?> elements -> missingIn(elements);
      case Map<?, ?> map -> missingIn(map.values());
      default -> null;
    };
  }

  private static @Nullable String missingOf(Record owner) {
    for (var component : COMPONENTS.get(owner.getClass())) {
      @Nullable Object value = component.valueIn(owner);
      if (value == null) {
        if (!component.optional()) {
          return component.name();
        }
        continue;
      }
      @Nullable String nested = missing(value);
      if (nested != null) {
        return component.name() + "." + nested;
      }
    }
    return null;
  }

  private static @Nullable String missingIn(Collection<?> elements) {
    int index = 0;
    for (@Nullable Object value : elements) {
      @Nullable String nested = value == null ? "" : missing(value);
      if (nested != null) {
        return nested.isEmpty() ? Integer.toString(index) : index + "." + nested;
      }
      index++;
    }
    return null;
  }
}
