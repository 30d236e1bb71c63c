# A comparator in the script: n objects by two fields.
import sys
from functools import cmp_to_key


class Hit:
    __slots__ = ("score", "id")

    def __init__(self, score, id):
        self.score = score
        self.id = id


def main(n):
    hits = []
    seed = 42
    for i in range(n):
        seed = (seed * 3877 + 29573) % 139968
        hits.append(Hit(seed % 1000, i))
    in_order = sorted(hits, key=cmp_to_key(lambda a, b: a.id - b.id if a.score == b.score else a.score - b.score))
    checksum = 0
    for i in range(n):
        checksum = (checksum + (i + 1) * in_order[i].id) % 1000003
    print(checksum)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 120000)
