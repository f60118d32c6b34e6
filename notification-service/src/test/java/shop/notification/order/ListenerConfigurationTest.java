package shop.notification.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.kafka.event.ConsumerStoppedEvent;
import org.springframework.kafka.event.ConsumerStoppedEvent.Reason;

class ListenerConfigurationTest {

  @Test
  void consumerStoppedByAnErrorBreaksLiveness() {
    assertThat(livenessAfter(Reason.ERROR)).isEqualTo(LivenessState.BROKEN);
  }

  @Test
  void consumerStoppedNormallyDoesNot() {
    assertThat(livenessAfter(Reason.NORMAL)).isEqualTo(LivenessState.CORRECT);
  }

  private static LivenessState livenessAfter(Reason reason) {
    try (var context = new AnnotationConfigApplicationContext(ApplicationAvailabilityBean.class)) {
      AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
      new ListenerConfiguration(context).on(new ConsumerStoppedEvent(context, context, reason));
      return context.getBean(ApplicationAvailabilityBean.class).getLivenessState();
    }
  }
}
