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
 * Holds what was read to the promise of its records: a component that is not {@code @Nullable} is
 * there. Looks into records, collections and the values of maps.
 */
final class RequiredComponents {

  private static final ClassValue<List<Part>> PARTS =
      new ClassValue<>() {
        @Override
        protected List<Part> computeValue(Class<?> type) {
          return Stream.of(type.getRecordComponents())
              .filter(component -> !component.getType().isPrimitive())
              .map(Part::of)
              .toList();
        }
      };

  private RequiredComponents() {}

  private record Part(String name, boolean optional, MethodHandle accessor) {

    static Part of(RecordComponent component) {
      try {
        var accessor = component.getAccessor();
        accessor.setAccessible(true);
        return new Part(
            component.getName(),
            component.getAnnotatedType().isAnnotationPresent(Nullable.class),
            MethodHandles.lookup().unreflect(accessor));
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }

    @Nullable Object of(Object whole) {
      try {
        return accessor.invoke(whole);
      } catch (Throwable e) {
        throw new IllegalStateException("Accessors of records do not fail", e);
      }
    }
  }

  /** The path of the first thing that is missing; null if nothing is. */
  static @Nullable String missing(Object value) {
    return switch (value) {
      case Record whole -> missingOf(whole);
      case Collection<?> all -> missingIn(all);
      case Map<?, ?> map -> missingIn(map.values());
      default -> null;
    };
  }

  private static @Nullable String missingOf(Record whole) {
    for (var part : PARTS.get(whole.getClass())) {
      @Nullable Object value = part.of(whole);
      if (value == null) {
        if (!part.optional()) {
          return part.name();
        }
        continue;
      }
      @Nullable String deeper = missing(value);
      if (deeper != null) {
        return part.name() + "." + deeper;
      }
    }
    return null;
  }

  private static @Nullable String missingIn(Collection<?> all) {
    int index = 0;
    for (@Nullable Object value : all) {
      @Nullable String deeper = value == null ? "" : missing(value);
      if (deeper != null) {
        return deeper.isEmpty() ? Integer.toString(index) : index + "." + deeper;
      }
      index++;
    }
    return null;
  }
}
