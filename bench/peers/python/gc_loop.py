# Text letter by letter: GC letters and the longest run of them in 100000 bases, n times.
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
    gc = longest = 0
    for _ in range(n):
        run = 0
        for i in range(len(text)):
            letter = text[i]
            if letter == "G" or letter == "C":
                gc += 1
                run += 1
                if run > longest:
                    longest = run
            else:
                run = 0
    print(gc, longest)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
