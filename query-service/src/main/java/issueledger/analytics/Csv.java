package issueledger.analytics;

import issueledger.events.Rfc3339;
import java.io.IOException;
import java.io.Writer;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/** Records of one type as CSV (RFC 4180): a column a component; of a map with an enumeration's keys, a column a key. */
final class Csv {
    /** A figure of JSON answers alone. */
    private static final String DOUBTFUL = "doubtful";

    private final List<Column> columns;

    private record Column(String name, Function<Object, @Nullable Object> value) {}

    Csv(Class<?> type) {
        this.columns = columns(type);
    }

    private static List<Column> columns(Class<?> type) {
        List<Column> columns = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getName().equals(DOUBTFUL)) {
                continue;
            }
            component.getAccessor().setAccessible(true);
            Function<Object, @Nullable Object> value = item -> value(component, item);
            if (component.getType() == Map.class && component.getGenericType() instanceof ParameterizedType map) {
                for (Object key : ((Class<?>) map.getActualTypeArguments()[0]).getEnumConstants()) {
                    columns.add(new Column(component.getName() + "." + key, item -> entry(value.apply(item), key)));
                }
            } else {
                columns.add(new Column(component.getName(), value));
            }
        }
        return columns;
    }

    private static @Nullable Object value(RecordComponent component, Object item) {
        try {
            return component.getAccessor().invoke(item);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }

    private static @Nullable Object entry(@Nullable Object map, Object key) {
        return map instanceof Map<?, ?> entries ? entries.get(key) : null;
    }

    /** Writes the header and then a row an item; does not close the writer. */
    void write(Iterable<?> items, Writer out) throws IOException {
        CSVPrinter printer = new CSVPrinter(out, CSVFormat.RFC4180);
        printer.printRecord(columns.stream().map(Column::name));
        for (Object item : items) {
            printer.printRecord(
                    columns.stream().map(column -> cell(column.value().apply(item))));
        }
        printer.flush();
    }

    private static @Nullable Object cell(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> harmless(text);
            case Instant time -> Rfc3339.format(time);
            case BigDecimal number -> number.toPlainString();
            default -> value;
        };
    }

    /** A spreadsheet takes text that begins like this for a formula. */
    private static String harmless(String text) {
        return !text.isEmpty() && "=+-@".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
