package shop.bench.age;

/**
 * A product that generated orders contain.
 *
 * @param cents its price in euro cents
 */
record Product(String sku, String name, long cents) {}
