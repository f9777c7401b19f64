package issueledger.metricsimport;

import issueledger.events.Better;
import issueledger.events.Statistic;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Locust's {@code stats.csv} (https://docs.locust.io/en/stable/retrieving-stats.html), with times in milliseconds. */
final class LocustStats {
    private record Column(String name, Statistic statistic, String unit, Better better) {}

    private static final Map<String, Column> COLUMNS = Map.of(
            "Request Count", new Column("", Statistic.COUNT, Report.REQUESTS, Better.HIGHER),
            "Failure Count", new Column(" failures", Statistic.COUNT, Report.ONE, Better.LOWER),
            "Average Response Time", new Column("", Statistic.MEAN, Report.MILLISECONDS, Better.LOWER),
            "Min Response Time", new Column("", Statistic.MIN, Report.MILLISECONDS, Better.LOWER),
            "Max Response Time", new Column("", Statistic.MAX, Report.MILLISECONDS, Better.LOWER),
            "Average Content Size", new Column(" content size", Statistic.MEAN, Report.BYTES, Better.LOWER),
            "Requests/s", new Column("", Statistic.RATE, Report.REQUESTS_PER_SECOND, Better.HIGHER),
            "Failures/s", new Column(" failures", Statistic.RATE, "1/s", Better.LOWER));

    /** Columns whose value another one has. */
    private static final Set<String> REPEATED = Set.of("Median Response Time", "100%");

    private final Report report = new Report();
    private final List<String> header;
    private final Set<String> skipped = new HashSet<>();

    private LocustStats(List<String> header) {
        this.header = header;
    }

    /** The fields of a row and the line in which it begins. */
    private record Row(int line, List<String> fields) {}

    static Figures read(String text) {
        List<Row> rows = rows(text.startsWith("\uFEFF") ? text.substring(1) : text);
        if (rows.isEmpty() || !rows.get(0).fields().containsAll(List.of("Name", "Request Count"))) {
            throw new UnreadableReport(TextLines.first(text), "is no header of a stats.csv of Locust");
        }
        LocustStats stats = new LocustStats(rows.get(0).fields());
        rows.subList(1, rows.size()).forEach(stats::row);
        return stats.report.done();
    }

    private void row(Row row) {
        if (row.fields().size() != header.size()) {
            throw new UnreadableReport(
                    row.line(), "has " + row.fields().size() + " fields, the header has " + header.size());
        }
        String type = field(row, "Type");
        String name = type.isEmpty() ? field(row, "Name") : type + " " + field(row, "Name");
        for (int i = 0; i < header.size(); i++) {
            String column = header.get(i);
            if (!column.equals("Type") && !column.equals("Name") && !REPEATED.contains(column)) {
                value(row.line(), name, column, row.fields().get(i));
            }
        }
    }

    private String field(Row row, String column) {
        int index = header.indexOf(column);
        return index < 0 ? "" : row.fields().get(index);
    }

    private void value(int line, String name, String label, String text) {
        Column column = column(label);
        BigDecimal number = Numbers.read(text);
        if (column == null) {
            if (skipped.add(label)) {
                report.warn(line, "the column " + label + " has no statistic and is skipped");
            }
        } else if (number == null) {
            report.warn(line, label + " of " + name + " is no number and is skipped");
        } else {
            report.add(line, name + column.name(), column.statistic(), column.unit(), number, column.better());
        }
    }

    private static @Nullable Column column(String label) {
        if (!label.endsWith("%")) {
            return COLUMNS.get(label);
        }
        Statistic percentile = Report.percentile(label.substring(0, label.length() - 1));
        return percentile == null ? null : new Column("", percentile, Report.MILLISECONDS, Better.LOWER);
    }

    /** RFC 4180. */
    private static List<Row> rows(String text) {
        List<Row> rows = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        int line = 1;
        int begun = 1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '\n';
            if (quoted && i == text.length()) {
                throw new UnreadableReport(begun, "has a quote that does not end");
            } else if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                field.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                fields.add(field.toString());
                field.setLength(0);
                if (c == '\n') {
                    if (fields.size() > 1 || !fields.get(0).isBlank()) {
                        rows.add(new Row(begun, List.copyOf(fields)));
                    }
                    fields.clear();
                }
            } else if (quoted || c != '\r') {
                field.append(c);
            }
            if (c == '\n') {
                line++;
                begun = quoted ? begun : line;
            }
        }
        return rows;
    }
}
