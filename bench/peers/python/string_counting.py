# Dictionaries from text: how often each of 1000 names is drawn in n draws.
import sys


def main(n):
    names = []
    for i in range(1000):
        names.append("gene" + str(i))
    counts = {}
    seed = 42
    for _ in range(n):
        seed = (seed * 3877 + 29573) % 139968
        name = names[seed % 1000]
        counts[name] = counts.get(name, 0) + 1
    checksum = 0
    for i in range(1000):
        checksum = (checksum + (i + 1) * counts.get(names[i], 0)) % 1000003
    print(checksum)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 6000000)
