package shop.order.placement;

import java.time.Clock;
import org.springframework.beans.factory.BeanFactory;
import shop.order.OrderTimings;
import shop.order.commands.CommandLog;
import shop.order.storage.LogStorage;
import shop.order.store.Claims;
import shop.order.store.InFlight;
import shop.order.store.OrderView;

/** The placement of orders, as an instance with another clock does it. */
public final class PlacementAccess {

  private PlacementAccess() {}

  public static Placement withClock(BeanFactory beans, Clock clock) {
    return new Placement(
        beans.getBean(LogStorage.class),
        beans.getBean(Pricing.class),
        beans.getBean(Claims.class),
        beans.getBean(CommandLog.class),
        beans.getBean(OldKeys.class),
        beans.getBean(OrderView.class),
        beans.getBean(InFlight.class),
        beans.getBean(OrderTimings.class),
        clock);
  }
}
