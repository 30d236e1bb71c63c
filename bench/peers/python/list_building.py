# Lists from nothing: n lists of 100000 items.
import sys


def main(n):
    total = 0
    for round in range(n):
        squares = []
        for i in range(100000):
            squares.append(i * i)
        total = (total + squares[round] + len(squares)) % 1000003
    print(total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 160)
