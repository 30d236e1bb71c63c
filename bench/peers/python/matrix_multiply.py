# Lists of lists: the product of two n by n matrices.
import sys


def matrix(n, seed):
    rows = []
    for i in range(n):
        row = []
        for j in range(n):
            row.append((i * seed + j) % 17 * 0.5)
        rows.append(row)
    return rows


def main(n):
    a = matrix(n, 3)
    b = matrix(n, 5)
    c = matrix(n, 1)
    for i in range(n):
        for j in range(n):
            total = 0.0
            for k in range(n):
                total += a[i][k] * b[k][j]
            c[i][j] = total
    trace = 0.0
    for i in range(n):
        trace += c[i][i] - c[i][n - 1 - i]
    print(f"{trace:.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 240)
