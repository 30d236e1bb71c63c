# Text in pieces: n lines of six numbers each.
import sys


def main(n):
    lines = []
    for i in range(n):
        line = "row"
        for j in range(6):
            line = line + "\t" + str(i * j)
        lines.append(line)
    text = "\n".join(lines)
    print(len(text))
    print(lines[n - 1])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100000)
