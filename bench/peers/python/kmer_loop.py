# Slices of text as keys: the 6-mers of 100000 bases, n times.
import sys


def bases(size):
    letters = []
    seed = 42
    for _ in range(size):
        seed = (seed * 3877 + 29573) % 139968
        letters.append("ACGT"[seed // 7 % 4])
    return "".join(letters)


def main(n):
    text = bases(100000)
    counts = {}
    for _ in range(n):
        for i in range(len(text) - 5):
            kmer = text[i:i + 6]
            counts[kmer] = counts.get(kmer, 0) + 1
    most = 0
    for count in counts.values():
        if count > most:
            most = count
    print(len(counts), most)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
