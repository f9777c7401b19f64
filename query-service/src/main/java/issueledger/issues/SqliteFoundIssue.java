package issueledger.issues;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.events.EventJson;
import issueledger.issues.Issues.Found;
import issueledger.issues.Issues.Item;
import issueledger.issues.Issues.Stored;
import java.io.ByteArrayOutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** An issue's row with its pieces, as a verification compares them. */
final class SqliteFoundIssue implements Found {
    /** Issues that are read at a time, and about how many bytes of them. */
    private static final int ISSUES = 64;

    private static final int BYTES = 4 * 1024 * 1024;

    private final long n;
    private final String id;
    private final long version;
    private final long seen;
    private final List<Long> keys;
    private final String item;
    private final int itemCrc;
    private final String facets;
    private final int pieces;
    private final int crc;
    private final ByteArrayOutputStream json = new ByteArrayOutputStream();
    private final ByteArrayOutputStream records = new ByteArrayOutputStream();
    private byte[] words = {};
    private int piecesFound;
    private boolean intact = true;

    private SqliteFoundIssue(ResultSet row) throws SQLException {
        n = row.getLong(1);
        id = row.getString(2);
        version = row.getLong(3);
        seen = row.getLong(4);
        keys = List.of(row.getLong(5), row.getLong(6), row.getLong(7));
        item = row.getString(8);
        itemCrc = row.getInt(9);
        facets = row.getString(10);
        pieces = row.getInt(11);
        crc = row.getInt(12);
        records.write('[');
    }

    /** Some issues of rows that are ordered by issue and piece. */
    static List<Found> some(ResultSet rows) throws SQLException {
        List<Found> some = new ArrayList<>();
        SqliteFoundIssue issue = null;
        long bytes = 0;
        while (rows.next()) {
            if (issue == null || issue.n != rows.getLong(1)) {
                if (some.size() == ISSUES || bytes > BYTES) {
                    break;
                }
                issue = new SqliteFoundIssue(rows);
                some.add(issue);
            }
            bytes += issue.take(rows);
        }
        return some;
    }

    /** Takes a piece; returns its bytes. */
    private int take(ResultSet row) throws SQLException {
        byte[] bytes = row.getBytes(14);
        if (bytes == null) {
            intact = false; // The issue has no piece.
            return 0;
        }
        int piece = (int) (row.getLong(13) - SqliteIssues.key(n, 0));
        intact &= row.getInt(15) == SqliteIssues.crc(n, piece, bytes);
        if (piece <= IssuePieces.TAIL) {
            json.writeBytes(bytes);
            piecesFound++;
        } else if (piece < IssuePieces.WORDS) {
            records.writeBytes(bytes);
        } else {
            words = bytes;
        }
        return bytes.length;
    }

    long n() {
        return n;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public long seen() {
        return seen;
    }

    @Override
    public @Nullable String difference(Stored folded) {
        IssueView view = folded.view();
        if (!intact || piecesFound != pieces || crc != SqliteIssues.rowCrc(n, version, seen, pieces, facets)) {
            return "the view is not as it was written: a checksum is wrong";
        }
        if (version != view.version() || !Arrays.equals(json.toByteArray(), EventJson.MAPPER.writeValueAsBytes(view))) {
            return "the stored JSON is not what the log folds to";
        }
        byte[] recordsJson = EventJson.MAPPER.writeValueAsBytes(view.metricRecords());
        records.write(']');
        if (!Arrays.equals(records.toByteArray(), recordsJson)) {
            return "the stored metric records are not what the log folds to";
        }
        if (!item.equals(Item.json(view)) || itemCrc != SqliteIssues.itemCrc(n, id, item)) {
            return "the stored item of the list is not what the log folds to";
        }
        List<Long> expected =
                List.of(view.openedAt().toEpochMilli(), view.updatedAt().toEpochMilli(), view.rank());
        if (!keys.equals(expected) || !facets.equals(facets(view))) {
            return "the stored sort keys or filter values are not what the log folds to";
        }
        return Words.of(view).equals(words()) ? null : "the stored words are not what the log folds to";
    }

    private static String facets(IssueView view) {
        return EventJson.MAPPER.writeValueAsString(SqliteIssueIndex.facets(view));
    }

    private Set<String> words() {
        try {
            return SqliteIssues.strings(words.length == 0 ? "[]".getBytes(UTF_8) : words);
        } catch (JacksonException e) {
            return Set.of("");
        }
    }
}
