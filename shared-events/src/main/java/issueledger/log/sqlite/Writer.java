package issueledger.log.sqlite;

import issueledger.log.NewEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The writing connection with its prepared statements. Used by one thread. */
final class Writer implements AutoCloseable {
    private final Reader reader;
    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement nextSequence;
    private final PreparedStatement hasKey;
    private final PreparedStatement insert;

    Writer(Connection connection) throws SQLException {
        reader = new Reader(connection);
        begin = connection.prepareStatement("BEGIN IMMEDIATE");
        commit = connection.prepareStatement("COMMIT");
        nextSequence = connection.prepareStatement("SELECT max(sequence) + 1 FROM events WHERE stream = ?");
        hasKey = connection.prepareStatement("SELECT 1 FROM events WHERE idempotency_key = ?");
        insert = connection.prepareStatement("INSERT INTO events (position, stream, sequence, type, revision,"
                + " recorded_at, payload, metadata, event_id, commit_position, commit_number, commit_hash,"
                + " idempotency_key, request, payload_salt, metadata_salt, payload_commitment, metadata_commitment)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    }

    /** Reads what stands under the lock. */
    Reader reader() {
        return reader;
    }

    void begin() throws SQLException {
        begin.execute();
    }

    void commit() throws SQLException {
        commit.execute();
    }

    long nextSequence(String stream) throws SQLException {
        nextSequence.setString(1, stream);
        try (ResultSet row = nextSequence.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    boolean hasKey(String key) throws SQLException {
        hasKey.setString(1, key);
        try (ResultSet row = hasKey.executeQuery()) {
            return row.next();
        }
    }

    void insert(
            long position,
            NewEvent event,
            String recordedAt,
            long commitPosition,
            long commitNumber,
            String hash,
            @Nullable String key,
            @Nullable String request)
            throws SQLException {
        insert.setLong(1, position);
        insert.setString(2, event.stream());
        insert.setLong(3, event.sequence());
        insert.setString(4, event.type());
        insert.setString(5, event.revision());
        insert.setString(6, recordedAt);
        insert.setString(7, event.payload());
        insert.setString(8, event.metadata());
        insert.setString(9, event.id());
        insert.setLong(10, commitPosition);
        insert.setLong(11, commitNumber);
        insert.setString(12, hash);
        insert.setString(13, key);
        insert.setString(14, request);
        insert.setString(15, event.commitments().payloadSalt());
        insert.setString(16, event.commitments().metadataSalt());
        insert.setString(17, event.commitments().payload());
        insert.setString(18, event.commitments().metadata());
        insert.executeUpdate();
    }

    @Override
    public void close() throws SQLException {
        reader.close();
    }
}
