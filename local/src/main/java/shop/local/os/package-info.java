/** Processes, ports and files of the machine, and nothing about the platform. */
@NullMarked
package shop.local.os;

import org.jspecify.annotations.NullMarked;
