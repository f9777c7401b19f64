package issueledger.projections;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tokens of Axon's event processors in a view store: one row for each segment. Any process may read and write them. */
interface ProcessorTokens {

    /**
     * A processor's token for one segment.
     *
     * @param token as serialized; null at the start of the log
     * @param type the name of its serialized type
     * @param owner the process that has claimed the segment
     * @param at when it was last claimed or stored, in epoch milliseconds
     * @param erasures the number of erasures in the log when it was last stored
     */
    record Row(
            String processor,
            int segment,
            @Nullable String token,
            @Nullable String type,
            @Nullable String owner,
            long at,
            int erasures) {

        Row claimed(@Nullable String by, long now) {
            return new Row(processor, segment, token, type, by, now, erasures);
        }

        Row with(@Nullable String newToken, @Nullable String newType, int newErasures) {
            return new Row(processor, segment, newToken, newType, owner, at, newErasures);
        }
    }

    /** The rows of a processor, in the order of their segments. */
    List<Row> rows(String processor);

    default Optional<Row> row(String processor, int segment) {
        return rows(processor).stream().filter(row -> row.segment() == segment).findFirst();
    }

    /** False if the segment has a row. */
    boolean insert(Row row);

    /** False if the segment has another row than {@code from} by now, or none. */
    boolean replace(Row from, Row to);

    /** False as for {@link #replace}. */
    boolean delete(Row row);
}
