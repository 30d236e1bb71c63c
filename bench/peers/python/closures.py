# Closures: composed functions that are only known when they run, and a counter that changes what it captured.
import sys


def compose(f, g):
    return lambda x: g(f(x))


def adder(amount):
    return lambda x: x + amount


def scaler(factor):
    return lambda x: x * factor % 1009


def counter():
    count = 0

    def tick():
        nonlocal count
        count += 1
        return count

    return tick


def main(n):
    tick = counter()
    change = compose(compose(adder(3), scaler(7)), adder(-2))
    total = 0
    for i in range(n):
        one = adder(i % 5)
        total = (total + change(one(i)) + tick()) % 1000003
    print(total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1500000)
