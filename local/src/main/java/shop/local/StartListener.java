package shop.local;

import java.time.Duration;

/** Receives the progress of a start, from any thread. */
public interface StartListener {
  /** Ignores everything; for tests. */
  StartListener SILENT =
      new StartListener() {
        @Override
        public void title(String text) {}

        @Override
        public void begin(String name) {}

        @Override
        public void done(String name, Duration time) {}

        @Override
        public void note(String sentence) {}
      };

  /** A new section begins. */
  void title(String text);

  /** A step, or the start of a component, begins. */
  void begin(String name);

  /** The step is complete, or the component is ready. */
  void done(String name, Duration time);

  /** Something that the user should know, but that stops nothing. */
  void note(String sentence);
}
