/** Compares a platform with a short history and one with a long history. */
@NullMarked
package shop.bench.age;

import org.jspecify.annotations.NullMarked;
