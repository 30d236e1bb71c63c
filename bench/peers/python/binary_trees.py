# Many small objects: complete trees up to depth n, built, counted and dropped.
import sys


class Node:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right


def tree(depth):
    if depth == 0:
        return Node(None, None)
    return Node(tree(depth - 1), tree(depth - 1))


def nodes(node):
    if node.left is None:
        return 1
    return 1 + nodes(node.left) + nodes(node.right)


def main(n):
    lasting = tree(n)
    for depth in range(4, n + 1, 2):
        rounds = 2 ** (n - depth + 4)
        total = 0
        for _ in range(rounds):
            total += nodes(tree(depth))
        print(rounds, depth, total)
    print(nodes(lasting))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 14)
