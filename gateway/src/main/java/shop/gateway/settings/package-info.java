/** What admins change while the gateways run: settings of services, and drains of instances. */
@NullMarked
package shop.gateway.settings;

import org.jspecify.annotations.NullMarked;
