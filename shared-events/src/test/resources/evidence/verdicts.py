"""Writes verdicts.csv: samples, and the verdict on them as SciPy and exact fractions have it. Needs SciPy 1.16.

Usage: python3 verdicts.py > verdicts.csv
"""
import random
from decimal import ROUND_HALF_UP, Decimal, getcontext
from fractions import Fraction
from math import comb

from scipy.stats import mannwhitneyu

random.seed(24)
getcontext().prec = 100


def counts(n, m):
    """The number of orders with each U, by the recursion of Mann and Whitney."""
    table = {(0, j): [1] for j in range(m + 1)}
    for i in range(1, n + 1):
        table[i, 0] = [1]
        for j in range(1, m + 1):
            row = [0] * (i * j + 1)
            for u, count in enumerate(table[i - 1, j]):
                row[u + j] += count
            for u, count in enumerate(table[i, j - 1]):
                row[u] += count
            table[i, j] = row
    return table[n, m]


def rank(n, m):
    """The largest k with P(U < k) <= 0.005."""
    k, total = 0, 0
    for count in counts(n, m):
        total += count
        if Fraction(total, comb(n + m, n)) > Fraction(5, 1000):
            return k
        k += 1


def places(fraction):
    number = Decimal(fraction.numerator) / Decimal(fraction.denominator) if isinstance(fraction, Fraction) else Decimal(fraction)
    return f"{number.quantize(Decimal('0.0001'), ROUND_HALF_UP).normalize():f}"


def row(before, after, better, effect):
    n, m = len(before), len(after)
    a, b = [Fraction(x) for x in before], [Fraction(x) for x in after]
    order = sorted(set(a + b))
    ties = len(set(a + b)) < n + m
    p = 1.0 if len(set(a + b)) == 1 else float(
        mannwhitneyu([order.index(x) for x in a], [order.index(x) for x in b], alternative="two-sided",
                     method="asymptotic" if ties else "exact", use_continuity=True).pvalue)
    wins = sum(Fraction(1) if y < x else Fraction(1, 2) if y == x else Fraction(0) for x in a for y in b)
    superiority = wins / (n * m)
    if better == "HIGHER":
        superiority = 1 - superiority
    ratios = sorted(y / x for x in a for y in b)
    k = rank(n, m)
    low, high = ratios[k - 1] - 1, ratios[n * m - k] - 1
    estimate = (ratios[(n * m - 1) // 2] + ratios[n * m // 2]) / 2 - 1
    limit = Fraction(effect)
    up, down = low > limit, high < -limit
    gain, loss = (down, up) if better == "LOWER" else (up, down)
    verdict = "NO_DIFFERENCE_SHOWN"
    if p < 0.01 and superiority >= Fraction(8, 10) and gain:
        verdict = "BETTER"
    elif p < 0.01 and superiority <= Fraction(2, 10) and loss:
        verdict = "WORSE"
    return ",".join([" ".join(before), " ".join(after), better, effect, verdict, places(p), places(superiority),
                     places(low), places(estimate), places(high)])


def sample(count, centre, spread, decimals):
    return [f"{max(10 ** -decimals, random.gauss(centre, spread * centre)):.{decimals}f}" for _ in range(count)]


def main():
    print("baseline,measured,better,effect,verdict,p,superiority,low,estimate,high")
    rows = [
        # The interval's end is the effect itself: not beyond it.
        (["100", "100.1", "100.2", "100.3", "100.4"], ["105.42", "106", "107", "108", "109"], "LOWER", "0.05"),
        (["100", "100.1", "100.2", "100.3", "100.4"], ["105.420000000001", "106", "107", "108", "109"], "LOWER", "0.05"),
        (["100", "100.1", "100.2", "100.3", "100.4"], ["80", "81", "82", "83", "95"], "LOWER", "0.05"),
        (["100", "100.1", "100.2", "100.3", "100.4"], ["80", "81", "82", "83", "94.9999999999"], "LOWER", "0.05"),
        # A tie, in either sample: the approximation, p = 0.0119.
        (["100", "100", "100.2", "100.3", "100.4"], ["50", "51", "52", "53", "54"], "LOWER", "0.05"),
        (["100", "100.1", "100.2", "100.3", "100.4"], ["50", "50.0", "52", "53", "54"], "LOWER", "0.05"),
        # All equal.
        (["7"] * 5, ["7.0"] * 6, "LOWER", "0.05"),
        (["7"] * 9, ["14"] * 9, "LOWER", "0.05"),
        (["7"] * 9, ["14"] * 9, "HIGHER", "0.99"),
        (["7"] * 9, ["14"] * 9, "HIGHER", "1"),
        # Not tied, though their doubles are.
        (["1.00000000000000001", "1.00000000000000002", "1.00000000000000003", "1.00000000000000004", "1.00000000000000005"],
         ["1.00000000000000006", "1.00000000000000007", "1.00000000000000008", "1.00000000000000009", "1.0000000000000001"],
         "LOWER", "0"),
        (["0.000000000000000001", "0.000000000000000002", "0.000000000000000003", "0.000000000000000004",
          "0.000000000000000005"], ["999999999999999", "999999999999998", "999999999999997", "999999999999996",
                                     "999999999999995"], "HIGHER", "0.05"),
    ]
    for n, m in [(5, 5), (5, 6), (6, 5), (7, 7), (8, 12), (10, 10), (15, 9), (20, 20), (30, 25), (49, 49)]:
        for shift, decimals in [(1, 6), (1.04, 6), (1.3, 6), (0.8, 1), (0.5, 3)]:
            better = random.choice(["LOWER", "HIGHER"])
            effect = random.choice(["0", "0.01", "0.05", "0.1"])
            rows.append((sample(n, 40, 0.03, decimals), sample(m, 40 * shift, 0.03, decimals), better, effect))
    for each in rows:
        print(row(*each))


main()
