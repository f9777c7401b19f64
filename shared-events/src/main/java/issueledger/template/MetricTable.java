package issueledger.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A table of series: a name, a before and an after column, and at most the change beside them. */
final class MetricTable {
    private static final Pattern RULE = Pattern.compile("\\|?\\s*:?-+:?\\s*(?:\\|\\s*:?-+:?\\s*)+\\|?");
    private static final Set<String> BEFORE = Set.of("before", "baseline", "old");
    private static final Set<String> AFTER = Set.of("after", "measured", "new", "now");
    private static final Set<String> CHANGE =
            Set.of("change", "delta", "difference", "improvement", "gain", "δ", "diff", "%");

    private MetricTable() {}

    static boolean isTable(String text) {
        List<String> lines = text.lines().toList();
        return lines.size() > 1
                && lines.get(0).contains("|")
                && RULE.matcher(lines.get(1).strip()).matches();
    }

    /** A series of each row; none where one row is no series. */
    static List<MetricLine> rows(String table) {
        List<List<String>> rows = table.lines().map(MetricTable::cells).toList();
        List<String> header = rows.get(0).stream()
                .map(cell -> Decoration.withoutEmphasis(cell).toLowerCase(Locale.ROOT))
                .toList();
        int before = column(header, BEFORE);
        int after = column(header, AFTER);
        int change = column(header, CHANGE);
        int[] names = IntStream.range(0, header.size())
                .filter(i -> i != before && i != after && i != change)
                .toArray();
        if (before < 0 || after < 0 || names.length != 1) {
            return List.of();
        }
        List<MetricLine> lines = new ArrayList<>();
        for (List<String> row : rows.subList(2, rows.size())) {
            String changed = change < 0 || row.size() <= change ? "" : row.get(change);
            List<MetricLine> read = row.size() != header.size() || !MetricLine.isChange(changed)
                    ? List.of()
                    : MetricLine.all(row.get(names[0]) + ": " + row.get(before) + " -> " + row.get(after));
            if (read.size() != 1) {
                return List.of();
            }
            lines.addAll(read);
        }
        return lines;
    }

    private static int column(List<String> header, Set<String> names) {
        return IntStream.range(0, header.size())
                .filter(i -> names.contains(header.get(i)))
                .findFirst()
                .orElse(-1);
    }

    private static List<String> cells(String line) {
        String row = line.strip();
        row = row.startsWith("|") ? row.substring(1) : row;
        row = row.endsWith("|") && !row.endsWith("\\|") ? row.substring(0, row.length() - 1) : row;
        return Arrays.stream(row.split("(?<!\\\\)\\|", -1)).map(String::strip).toList();
    }
}
