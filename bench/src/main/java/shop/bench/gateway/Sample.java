package shop.bench.gateway;

/**
 * The result of one load on a target.
 *
 * @param cpuMicros of the target's process per request
 * @param perSecond requests per second
 * @param p50 milliseconds
 * @param p99 milliseconds
 */
record Sample(double cpuMicros, double perSecond, double p50, double p99) {}
