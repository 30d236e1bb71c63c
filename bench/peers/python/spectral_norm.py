# Small functions and lists of floats: the spectral norm of an n by n matrix.
import sys
from math import sqrt


def entry(i, j):
    total = i + j
    return 1.0 / (total * (total + 1) / 2 + i + 1)


def multiply(v):
    result = []
    for i in range(len(v)):
        total = 0.0
        for j in range(len(v)):
            total += entry(i, j) * v[j]
        result.append(total)
    return result


def multiply_transposed(v):
    result = []
    for i in range(len(v)):
        total = 0.0
        for j in range(len(v)):
            total += entry(j, i) * v[j]
        result.append(total)
    return result


def main(n):
    u = [1.0] * n
    v = []
    for _ in range(10):
        v = multiply_transposed(multiply(u))
        u = multiply_transposed(multiply(v))
    uv = vv = 0.0
    for i in range(n):
        uv += u[i] * v[i]
        vv += v[i] * v[i]
    print(f"{sqrt(uv / vv):.9f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 420)
