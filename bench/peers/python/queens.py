# Recursion over lists: in how many ways n queens stand on a board, none in reach of another; seven times.
import sys


def place(n, row, columns, rising, falling):
    if row == n:
        return 1
    ways = 0
    for column in range(n):
        safe = True
        for before in range(row):
            if columns[before] == column or rising[before] == column + row or falling[before] == column - row:
                safe = False
                break
        if safe:
            columns[row] = column
            rising[row] = column + row
            falling[row] = column - row
            ways += place(n, row + 1, columns, rising, falling)
    return ways


def main(n):
    total = 0
    for _ in range(7):
        total += place(n, 0, [0] * n, [0] * n, [0] * n)
    print(total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
