# A list as a stack: n pushes, with every third one two items become one.
import sys


def main(n):
    stack = []
    for i in range(n):
        stack.append(i)
        if i % 3 == 2:
            b = stack.pop()
            a = stack.pop()
            stack.append((a + b) % 1000)
    total = 0
    while len(stack) > 0:
        total = (total * 3 + stack.pop()) % 1000003
    print(total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000000)
