# Reading fields: n passes over a list of 20000 objects.
import sys


class Hit:
    __slots__ = ("id", "length", "gc")

    def __init__(self, id, length, gc):
        self.id = id
        self.length = length
        self.gc = gc


def main(n):
    hits = []
    for i in range(20000):
        hits.append(Hit(i, 100 + i % 151, i % 100 * 0.01))
    total = 0
    for _ in range(n):
        for hit in hits:
            if hit.gc > 0.5:
                total += hit.length + hit.id % 3
    print(total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 700)
