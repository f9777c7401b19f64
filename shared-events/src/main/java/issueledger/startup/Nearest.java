package issueledger.startup;

import java.util.Comparator;
import java.util.List;

/** The word that a misspelt one was probably meant to be. */
final class Nearest {
    private Nearest() {}

    static String of(String word, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(other -> distance(word, other)))
                .orElseThrow();
    }

    /** Levenshtein's distance: the fewest insertions, deletions and replacements of a character. */
    static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int i = 0; i < row.length; i++) {
            row[i] = i;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
