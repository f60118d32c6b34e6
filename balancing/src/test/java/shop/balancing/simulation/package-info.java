/**
 * A deterministic simulator of balanced services in virtual time: {@link
 * shop.balancing.simulation.Arrivals} come to a {@link shop.balancing.simulation.SimulatedGateway},
 * which sends them to {@link shop.balancing.simulation.SimulatedInstance}s. The same seeds give the
 * same numbers.
 */
@NullMarked
package shop.balancing.simulation;

import org.jspecify.annotations.NullMarked;
