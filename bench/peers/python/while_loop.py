# While loops: Euclid's algorithm for all pairs below n.
import sys


def main(n):
    total = 0
    a = 1
    while a <= n:
        b = 1
        while b <= n:
            x = a
            y = b
            while y != 0:
                rest = x % y
                x = y
                y = rest
            total = total + x
            b = b + 1
        a = a + 1
    print(total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2200)
