# Each language's own way of counting letters: the mean GC content of 4000 reads of 100 bases, n times.
import sys


def bases(size):
    letters = []
    seed = 42
    for _ in range(size):
        seed = (seed * 3877 + 29573) % 139968
        letters.append("ACGT"[seed // 7 % 4])
    return "".join(letters)


def main(n):
    text = bases(400000)
    reads = []
    for i in range(4000):
        reads.append(text[i * 100:i * 100 + 100])
    total = 0.0
    for _ in range(n):
        total += sum(map(lambda read: (read.count("G") + read.count("C")) / len(read), reads))
    print(f"{total / (n * len(reads)):.6f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
