# A counted loop over integers.
import sys


def main(n):
    total = 0
    for i in range(n):
        total = (total + i * 7) % 1000003
    print(total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50000000)
