"""Reads series, one a line (numbers with blanks between), and writes the change points of each as Apache Otava finds them: the
indexes with blanks between, window 30, p 0.001, least magnitude 5 %. Needs apache-otava 0.8.0.

Usage: python otava_changes.py < series.txt > changes.txt
"""
import sys

from otava.analysis import compute_change_points

for line in sys.stdin:
    points, _ = compute_change_points(
        [float(number) for number in line.split()], window_len=30, max_pvalue=0.001, min_magnitude=0.05)
    print(" ".join(str(int(point.index)) for point in points))
