package shop.gateway.edge;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of blocks of IP addresses; of nested blocks, the smallest counts (longest prefix match, as
 * in routing tables). A binary trie for each family of addresses: a look-up takes at most 32 or 128
 * steps, however many blocks there are. Immutable.
 */
final class CidrTable<T> {

  private final Node<T> ipv4 = new Node<>();
  private final Node<T> ipv6 = new Node<>();
  private final boolean empty;

  CidrTable(Map<Cidr, T> values) {
    values.forEach(this::add);
    empty = values.isEmpty();
  }

  private void add(Cidr block, T value) {
    byte[] bytes = block.network().getAddress();
    var node = root(block.network());
    for (int bit = 0; bit < block.bits(); bit++) {
      node = node.childOrNew(Cidr.isSet(bytes, bit));
    }
    node.value = value;
  }

  /** The value of the smallest block that contains the address; null if none does. */
  @Nullable T find(InetAddress address) {
    if (empty) {
      return null;
    }
    byte[] bytes = address.getAddress();
    Node<T> node = root(address);
    T found = null;
    for (int bit = 0; node != null; bit++) {
      if (node.value != null) {
        found = node.value;
      }
      node = bit < bytes.length * Byte.SIZE ? node.child(Cidr.isSet(bytes, bit)) : null;
    }
    return found;
  }

  boolean isEmpty() {
    return empty;
  }

  private Node<T> root(InetAddress address) {
    return address instanceof Inet4Address ? ipv4 : ipv6;
  }

  private static final class Node<T> {
    private @Nullable Node<T> zero;
    private @Nullable Node<T> one;
    private @Nullable T value;

    @Nullable Node<T> child(boolean bit) {
      return bit ? one : zero;
    }

    Node<T> childOrNew(boolean bit) {
      var child = child(bit);
      if (child == null) {
        child = new Node<>();
        if (bit) {
          one = child;
        } else {
          zero = child;
        }
      }
      return child;
    }
  }
}
