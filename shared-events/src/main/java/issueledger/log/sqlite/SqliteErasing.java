package issueledger.log.sqlite;

import issueledger.events.Rfc3339;
import issueledger.log.Commitments;
import issueledger.log.ErasedEvent;
import issueledger.log.Erasure;
import issueledger.log.ErasureOrder;
import issueledger.log.ErasureRefused;
import issueledger.log.ErasureUnfinished;
import issueledger.log.RecordedEvent;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import org.sqlite.SQLiteConfig;

/**
 * Erases an event's texts from a data file that nobody else has open. The file leaves WAL mode for it, which SQLite refuses while another
 * connection exists, and is rebuilt afterwards, so that no page keeps the texts.
 */
public final class SqliteErasing {
    private static final int BUSY_MILLISECONDS = 1_000;

    private SqliteErasing() {}

    /**
     * Changes the event in one transaction, then rebuilds the file.
     *
     * @throws ErasureRefused if there is no such event, it is erased already, or another process has the file open
     * @throws ErasureUnfinished if the texts are erased and the file could not be rebuilt
     */
    public static Erasure erase(Path path, ErasureOrder order) {
        RecordedEvent event;
        RecordedEvent first;
        try (SqliteEventLog log = SqliteEventLog.open(path, Clock.systemUTC())) {
            event = order.find(log);
            first = ErasureOrder.firstOfCommit(log, event);
        }
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLISECONDS);
        try (Connection connection = config.createConnection("jdbc:sqlite:" + path);
                Statement statement = connection.createStatement()) {
            requireAlone(path, statement);
            statement.execute("PRAGMA secure_delete = ON");
            try {
                order.requireTexts(event);
                erase(connection, statement, event, ErasedEvent.of(event, first, order.metadata()), order);
            } finally {
                rebuild(path, statement); // Also where an earlier run was killed before it.
                dropViews(path);
            }
        } catch (SQLException e) {
            throw new ErasureRefused(path + " cannot be written: " + e.getMessage());
        }
        return order.erasureOf(event);
    }

    private static void erase(
            Connection connection, Statement statement, RecordedEvent event, ErasedEvent erased, ErasureOrder order)
            throws SQLException {
        statement.execute("BEGIN EXCLUSIVE");
        try {
            statement.execute("DROP TRIGGER " + SqliteFile.NEVER_UPDATED_NAME);
            update(connection, event, erased);
            record(connection, order.erasureOf(event));
            statement.execute(SqliteFile.NEVER_UPDATED);
            statement.execute("COMMIT");
        } catch (SQLException | RuntimeException e) {
            statement.execute("ROLLBACK");
            throw e;
        }
    }

    private static void rebuild(Path path, Statement statement) {
        try {
            statement.execute("VACUUM");
        } catch (SQLException e) {
            throw new ErasureUnfinished(
                    path + " could not be rebuilt and may still hold the texts (" + e.getMessage()
                            + "): mend that and give the order again",
                    e);
        }
    }

    /** The views beside the log; the next start of a query service fills them. */
    private static void dropViews(Path path) {
        Path folder = path.toAbsolutePath().getParent();
        try (DirectoryStream<Path> views = Files.newDirectoryStream(folder, "views*.db*")) {
            for (Path file : views) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new ErasureUnfinished(
                    "the views in " + folder + " could not be removed and may still hold the texts (" + e.getMessage()
                            + "): mend that and give the order again",
                    e);
        }
    }

    private static void requireAlone(Path path, Statement statement) {
        try {
            statement.execute("PRAGMA locking_mode = EXCLUSIVE");
            try (ResultSet mode = statement.executeQuery("PRAGMA journal_mode = DELETE")) {
                if (mode.next() && "delete".equalsIgnoreCase(mode.getString(1))) {
                    return;
                }
            }
        } catch (SQLException e) {
            if (!SqliteErrors.isBusy(e)) {
                throw new ErasureRefused(path + " cannot be written: " + e.getMessage());
            }
        }
        throw new ErasureRefused(
                path + " is open in another process, which may hold the texts: stop all services first");
    }

    private static void update(Connection connection, RecordedEvent event, ErasedEvent erased) throws SQLException {
        try (PreparedStatement texts = connection.prepareStatement("UPDATE events SET payload = ?, metadata = ?,"
                        + " payload_salt = ?, metadata_salt = ?, payload_commitment = ?, metadata_commitment = ?"
                        + " WHERE position = ? AND payload_salt IS ? AND metadata_salt IS ?");
                PreparedStatement commit = connection.prepareStatement(
                        "UPDATE events SET request = NULL, idempotency_key = ? WHERE position = ?")) {
            Commitments commitments = erased.commitments();
            texts.setString(1, erased.payload());
            texts.setString(2, erased.metadata());
            texts.setString(3, commitments.payloadSalt());
            texts.setString(4, commitments.metadataSalt());
            texts.setString(5, commitments.payload());
            texts.setString(6, commitments.metadata());
            texts.setLong(7, event.position());
            texts.setString(8, event.commitments().payloadSalt());
            texts.setString(9, event.commitments().metadataSalt());
            if (texts.executeUpdate() != 1) {
                throw new ErasureRefused("another erasure of the event was faster: give the order again");
            }
            commit.setString(1, erased.key());
            commit.setLong(2, event.commit());
            commit.executeUpdate();
        }
    }

    private static void record(Connection connection, Erasure erasure) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT OR IGNORE INTO erasures (position, metadata, at, by, reason) VALUES (?, ?, ?, ?, ?)")) {
            insert.setLong(1, erasure.position());
            insert.setBoolean(2, erasure.metadata());
            insert.setString(3, Rfc3339.format(erasure.at()));
            insert.setString(4, erasure.by());
            insert.setString(5, erasure.reason());
            insert.executeUpdate();
        }
    }

    /** Copies the erasures of another log; those already there are kept. */
    public static void copy(Path path, List<Erasure> erasures) {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLISECONDS);
        try (Connection connection = config.createConnection("jdbc:sqlite:" + path);
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            for (Erasure erasure : erasures) {
                record(connection, erasure);
            }
            statement.execute("COMMIT");
        } catch (SQLException e) {
            throw new ErasureRefused("the erasures cannot be copied to " + path + ": " + e.getMessage());
        }
    }
}
