package shop.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** What a routes file must not say. */
class RoutesReaderTest {

  private static final RouteSettings.SplitEntry SPLIT =
      new RouteSettings.SplitEntry("release", List.of("canary=5", "stable=95"));

  @Test
  void conditionalRoutesBeforeThePlainOneAreAccepted() {
    var routes =
        reader()
            .read(
                new RouteSettings(
                    List.of(
                        route("app", "/orders/**").headers("User-Agent=ShopApp/*").entry(),
                        route("beta", "/orders/**").cookies("beta=1").entry(),
                        route("canary", "/orders/**").split("release/canary").entry(),
                        route("orders", "/orders/**").entry()),
                    List.of(SPLIT)));

    assertThat(routes)
        .extracting(ContentRoute::id)
        .containsExactly("app", "beta", "canary", "orders");
  }

  @Test
  void unknownServiceIsNamedWithThoseThatExist() {
    assertInvalid(route("orders", "/orders/**").service("ordr-service").entry())
        .hasMessage(
            "Route orders names the service 'ordr-service', but shop.gateway.services has only"
                + " canary-service, order-service");
  }

  @Test
  void idsAreUnique() {
    assertInvalid(route("a", "/orders/**").entry(), route("a", "/products/**").entry())
        .hasMessage("The id 'a' is that of two routes");
  }

  @Test
  void unreachableRoutesAreRefused() {
    assertInvalid(
            route("orders", "/products/**", "/orders/**").entry(),
            route("beta", "/orders/{id}").cookies("beta=1").entry())
        .hasMessage(
            "Route beta is never reached for /orders/{id}: route orders, which is before it, takes"
                + " these requests");
    assertInvalid(
            route("one", "/orders/*").cookies("beta=1").entry(),
            route("two", "/orders/7").cookies("beta=1").headers("X-App=1").entry())
        .hasMessageContaining("Route two is never reached for /orders/7");
  }

  @Test
  void aNarrowerRouteFirstIsReachable() {
    var routes =
        reader()
            .read(
                new RouteSettings(
                    List.of(route("one", "/orders/*").entry(), route("all", "/orders/**").entry()),
                    List.of()));

    assertThat(routes).hasSize(2);
  }

  @Test
  void everySideOfASplitNeedsARoute() {
    assertInvalid(route("canary", "/orders/**").split("release/canary").entry())
        .hasMessage(
            "No route takes /orders/** for customers on side stable of split release; add one after"
                + " route canary");
  }

  @Test
  void unknownSidesAreRefused() {
    assertInvalid(route("canary", "/orders/**").split("release/kanary").entry())
        .hasMessageStartingWith("Route canary: 'release/kanary' is no side of a split");
  }

  @Test
  void weightsAreAWhole() {
    assertThatThrownBy(() ->
            reader()
                .read(
                    new RouteSettings(
                        List.of(route("orders", "/orders/**").entry()),
                        List.of(new RouteSettings.SplitEntry("release", List.of("a=5", "b=90"))))))
        .isInstanceOf(InvalidRoutes.class)
        .hasMessage("Split release: the sides have 95 % together, not 100");
  }

  @Test
  void headersThatAreRemovedFromRequestsAreRefused() {
    assertInvalid(route("admin", "/orders/**").headers("X-User-Role=admin").entry())
        .hasMessageContaining("the header X-User-Role is removed from all requests");
  }

  @Test
  void malformedConditionsAndPathsAreRefused() {
    assertInvalid(route("a", "/orders/**").headers("X-App").entry())
        .hasMessage("Route a: the header 'X-App': the form is NAME=PATTERN");
    assertInvalid(route("a", "/orders/**").cookies("be ta=1").entry())
        .hasMessage("Route a: the cookie 'be ta=1': the form is NAME=PATTERN");
    assertInvalid(route("a", "orders/**").entry())
        .hasMessage("Route a: the path 'orders/**' does not begin with /");
    assertInvalid(route("a", "/orders/{").entry()).hasMessageContaining("is not a pattern");
    assertInvalid(route("a").entry()).hasMessageContaining("needs an id and at least one path");
    assertInvalid().hasMessage("There is no route in shop.routing.routes");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertInvalid(
      RouteSettings.Entry... routes) {
    return assertThatThrownBy(
            () -> reader().read(new RouteSettings(List.of(routes), List.of(SPLIT))))
        .isInstanceOf(InvalidRoutes.class);
  }

  private static RoutesReader reader() {
    return new RoutesReader(
        new TreeSet<>(Set.of("order-service", "canary-service")),
        name -> name.equals("X-User-Role"));
  }

  private static Builder route(String id, String... paths) {
    return new Builder(id, List.of(paths));
  }

  private static final class Builder {
    private final String id;
    private final List<String> paths;
    private List<String> headers = List.of();
    private List<String> cookies = List.of();
    private String split;
    private String service = "order-service";

    Builder(String id, List<String> paths) {
      this.id = id;
      this.paths = paths;
    }

    Builder headers(String... values) {
      headers = List.of(values);
      return this;
    }

    Builder cookies(String... values) {
      cookies = List.of(values);
      return this;
    }

    Builder split(String value) {
      split = value;
      return this;
    }

    Builder service(String value) {
      service = value;
      return this;
    }

    RouteSettings.Entry entry() {
      return new RouteSettings.Entry(id, paths, headers, cookies, split, service, false);
    }
  }
}
