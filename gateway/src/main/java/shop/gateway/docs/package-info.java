/** Documentation for API users: the merged OpenAPI document and a page for each problem type. */
@NullMarked
package shop.gateway.docs;

import org.jspecify.annotations.NullMarked;
