# List assignment: the most reversals that a permutation of n numbers needs to bring its first to the front.
import sys


def main(n):
    order = list(range(n))
    counts = [0] * n
    cards = list(range(n))
    most = checksum = 0
    sign = 1
    r = n
    more = True
    while more:
        while r != 1:
            counts[r - 1] = r
            r -= 1
        for i in range(n):
            cards[i] = order[i]
        flips = 0
        first = cards[0]
        while first != 0:
            i = 0
            j = first
            while i < j:
                cards[i], cards[j] = cards[j], cards[i]
                i += 1
                j -= 1
            flips += 1
            first = cards[0]
        if flips > most:
            most = flips
        checksum += sign * flips
        sign = -sign
        searching = True
        while searching:
            if r == n:
                more = False
                searching = False
            else:
                front = order[0]
                for i in range(r):
                    order[i] = order[i + 1]
                order[r] = front
                counts[r] -= 1
                if counts[r] > 0:
                    searching = False
                else:
                    r += 1
    print(checksum, most)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
