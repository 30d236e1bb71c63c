# Floats: how many points of an n by n raster stay bounded for 50 steps.
import sys


def main(n):
    inside = 0
    for row in range(n):
        ci = 2.0 * row / n - 1.0
        for column in range(n):
            cr = 2.0 * column / n - 1.5
            zr = zi = 0.0
            steps = 0
            while steps < 50 and zr * zr + zi * zi <= 4.0:
                next_zr = zr * zr - zi * zi + cr
                zi = 2.0 * zr * zi + ci
                zr = next_zr
                steps += 1
            if steps == 50:
                inside += 1
    print(inside)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 700)
