package issueledger.evidence;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The correction of S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979), 65–70:
 * the chance of any false verdict among several stays below the level of one.
 */
public final class Holm {
    private Holm() {}

    /** Each p times the number of those that are not smaller, at least the corrected one before it, at most 1; in the given order. */
    public static double[] corrected(double[] p) {
        int[] ascending = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] corrected = Arrays.copyOf(p, p.length);
        double least = 0;
        for (int i = 0; i < ascending.length; i++) {
            least = Math.max(least, Math.min(1, p[ascending[i]] * (p.length - i)));
            corrected[ascending[i]] = least;
        }
        return corrected;
    }
}
