package shop.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import shop.gateway.inbound.Requester;

/** Limits as they are configured, whom they count, and what is remembered of them. */
class QuotaTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void sixAMinuteAreSixAtOnceUnlessABurstSaysOtherwise() {
    assertThat(new Quota(Algorithm.TOKEN_BUCKET, 6, MINUTE, null).meter())
        .isEqualTo(new TokenBucket(10_000_000, 6));
    assertThat(new Quota(Algorithm.TOKEN_BUCKET, 6, MINUTE, 1).meter())
        .isEqualTo(new TokenBucket(10_000_000, 1));
  }

  @Test
  void intervalIsRoundedUpSoThatALimitIsNeverExceeded() {
    assertThat(new Quota(Algorithm.TOKEN_BUCKET, 7000, Duration.ofSeconds(1), null).meter())
        .isEqualTo(new TokenBucket(143, 7000));
  }

  @Test
  void invalidQuotasNameTheRemedy() {
    assertThatThrownBy(() -> new Quota(Algorithm.TOKEN_BUCKET, 5, MINUTE, 6))
        .hasMessageContaining("burst 1 to limit");
    assertThatThrownBy(() -> new Quota(Algorithm.TOKEN_BUCKET, 5, Duration.ofMillis(1500), null))
        .hasMessageContaining("whole seconds");
    assertThatThrownBy(() -> new Quota(Algorithm.FIXED_WINDOW, 5, MINUTE, 5))
        .hasMessageContaining("remove it");
    assertThatThrownBy(() -> new Quota(Algorithm.LEAKY_BUCKET, 60, MINUTE, 6))
        .hasMessageContaining("lower its burst");
  }

  @Test
  void oneOfSeveralGatewaysGetsItsShareButAtLeastOne() {
    assertThat(new Quota(Algorithm.TOKEN_BUCKET, 10, MINUTE, 4).dividedBy(5))
        .isEqualTo(new Quota(Algorithm.TOKEN_BUCKET, 2, MINUTE, 1));
  }

  @Test
  void addressesOfOneIpv6NetworkCountTogether() throws Exception {
    assertThat(key("2001:db8:1:2::1"))
        .isEqualTo(key("2001:db8:1:2:ffff:ffff:ffff:ffff"))
        .isNotEqualTo(key("2001:db8:1:3::1"));
    assertThat(key("192.0.2.1")).isNotEqualTo(key("192.0.2.2")).isEqualTo(key("::ffff:192.0.2.1"));
  }

  @Test
  void keyIsShortWhateverTheSubjectAndIsItsOwnHashTag() {
    var quota = new Quota(Algorithm.FIXED_WINDOW, 1, MINUTE, null);
    var policy = new Policy("a".repeat(32), quota, quota, false);

    assertThat(policy.key("account:" + "x".repeat(100_000)))
        .hasSizeLessThanOrEqualTo(80)
        .matches("limit:fixed-window:\\{a+:[\\w-]{22}}");
    assertThat(policy.key("account:a")).isNotEqualTo(policy.key("account:b"));
  }

  @Test
  void memoryOfALocalLimitIsBounded() {
    var quota = new Quota(Algorithm.TOKEN_BUCKET, 1, MINUTE, null);
    var policy = new Policy("login", quota, quota, false);
    var local = new LocalLimits(100, Clock.fixed(Instant.EPOCH.plusSeconds(9), ZoneOffset.UTC));

    assertThat(local.take(policy, "recent").allowed()).isTrue();
    for (int number = 0; number < 1000; number++) {
      local.take(policy, "address:" + number);
      assertThat(local.take(policy, "recent").allowed()).isFalse();
    }

    assertThat(local.size()).isEqualTo(100);
  }

  private static String key(String address) throws Exception {
    return Requester.ofAddress(InetAddress.getByName(address));
  }
}
