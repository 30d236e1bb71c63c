# Each language's own way of counting k-mers: the 6-mers of 100000 bases, n times.
import sys
from collections import Counter


def bases(size):
    letters = []
    seed = 42
    for _ in range(size):
        seed = (seed * 3877 + 29573) % 139968
        letters.append("ACGT"[seed // 7 % 4])
    return "".join(letters)


def main(n):
    text = bases(100000)
    total = 0
    for _ in range(n):
        counts = Counter(text[i:i + 6] for i in range(len(text) - 5))
        total += len(counts) + max(counts.values())
    print(total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
