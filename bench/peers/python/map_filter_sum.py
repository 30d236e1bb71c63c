# A pipeline of small functions, n times over a list of 1000 numbers.
import sys


def main(n):
    xs = []
    for i in range(1000):
        xs.append(i)
    total = 0
    for round in range(n):
        mapped = map(lambda x: x * 3 + round, xs)
        even = filter(lambda x: x % 2 == 0, mapped)
        total = (total + sum(even)) % 1000003
    print(total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
