package issueledger.log.sqlite;

import issueledger.events.Rfc3339;
import issueledger.log.AppendResult;
import issueledger.log.AppendResult.Appended;
import issueledger.log.AppendResult.Conflict;
import issueledger.log.AppendResult.KeyTaken;
import issueledger.log.AppendResult.Outcome;
import issueledger.log.Commit;
import issueledger.log.CommitHash;
import issueledger.log.EventLog;
import issueledger.log.GroupedAppender;
import issueledger.log.HeadWatcher;
import issueledger.log.LogDamaged;
import issueledger.log.LogHead;
import issueledger.log.LogUnavailable;
import issueledger.log.NewEvent;
import issueledger.log.RecordedCommit;
import issueledger.log.RecordedEvent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The embedded event log: a row per event, WAL, {@code synchronous=FULL}. The file's triggers refuse every change to what is
 * written, whoever asks; docs/log-format.md describes it to strangers.
 */
public final class SqliteEventLog implements EventLog {
    private static final String COLUMNS =
            "position, event_id, stream, sequence, type, revision, recorded_at, payload, metadata, commit_position,"
                    + " commit_hash";

    private final SqliteFile file;
    private final Clock clock;
    private final GroupedAppender appender;
    private final HeadWatcher watcher;

    /**
     * Opens the file, and makes it if it is not there.
     *
     * @param clock the writer's; what it says is only taken where it is not before the predecessor's time
     * @throws LogUnavailable naming the file and what is wrong with it
     */
    public static SqliteEventLog open(Path path, Clock clock) {
        SqliteFile file = SqliteFile.open(path);
        return new SqliteEventLog(file, clock);
    }

    private SqliteEventLog(SqliteFile file, Clock clock) {
        this.file = file;
        this.clock = clock;
        this.watcher = new HeadWatcher("log-head", () -> file.read(SqliteEventLog::lastPosition));
        this.appender = new GroupedAppender("log-appender", this::write);
    }

    @Override
    public AppendResult append(List<Commit> commits) {
        return appender.append(commits);
    }

    @Override
    public List<RecordedEvent> read(long afterPosition, int limit) {
        List<RecordedEvent> events = file.read(connection -> select(
                connection, PAGE_CHARACTERS, "WHERE position > ? ORDER BY position LIMIT ?", afterPosition, limit));
        long expected = afterPosition + 1;
        for (RecordedEvent event : events) {
            if (event.position() != expected++) {
                throw new LogDamaged(file.path() + " has a gap: position " + (expected - 1) + " is missing before "
                        + event.position());
            }
        }
        return events;
    }

    @Override
    public List<RecordedEvent> readStream(String streamId, long fromSequence, int limit) {
        return file.read(connection -> select(
                connection,
                Long.MAX_VALUE,
                "WHERE stream = ? AND sequence >= ? ORDER BY sequence LIMIT ?",
                streamId,
                fromSequence,
                limit));
    }

    @Override
    public Optional<RecordedCommit> findByIdempotencyKey(String actor, String key) {
        String stored = new Commit.IdempotencyKey(actor, key).stored();
        List<RecordedEvent> events = file.read(connection -> {
            List<RecordedEvent> first = select(connection, Long.MAX_VALUE, "WHERE idempotency_key = ?", stored);
            return first.isEmpty()
                    ? first
                    : select(
                            connection,
                            Long.MAX_VALUE,
                            "WHERE position >= ?1 AND commit_position = ?1 ORDER BY position LIMIT "
                                    + count(connection, first.get(0).position()),
                            first.get(0).position());
        });
        return events.isEmpty() ? Optional.empty() : Optional.of(new RecordedCommit(events));
    }

    /** How many events a commit has: up to the next commit's first. */
    private static long count(Connection connection, long first) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT position FROM events WHERE position > ?1 AND commit_position <> ?1 ORDER BY position LIMIT"
                        + " 1")) {
            statement.setLong(1, first);
            try (ResultSet row = statement.executeQuery()) {
                return (row.next() ? row.getLong(1) : lastPosition(connection) + 1) - first;
            }
        }
    }

    @Override
    public LogHead head() {
        return file.read(SqliteEventLog::head);
    }

    @Override
    public long positionAt(Instant time) {
        String text = Rfc3339.format(time);
        // recorded_at never falls as position rises, so halving finds the place without an index.
        return file.read(connection -> {
            long known = 0;
            long end = lastPosition(connection);
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT recorded_at FROM events WHERE position = ?")) {
                while (known < end) {
                    long middle = known + (end - known + 1) / 2;
                    statement.setLong(1, middle);
                    try (ResultSet row = statement.executeQuery()) {
                        if (row.next() && row.getString(1).compareTo(text) <= 0) {
                            known = middle;
                        } else {
                            end = middle - 1;
                        }
                    }
                }
            }
            return known;
        });
    }

    @Override
    public long awaitBeyond(long position, Duration atMost) throws InterruptedException {
        return watcher.awaitBeyond(position, atMost);
    }

    @Override
    public Subscription onAdvance(Runnable listener) {
        return watcher.onAdvance(listener);
    }

    @Override
    public void close() {
        appender.close();
        watcher.close();
        file.close();
    }

    /** Runs on the appender's thread alone. */
    private List<Outcome> write(List<Commit> batch) {
        Batch written = new Batch(batch);
        List<Outcome> outcomes =
                file.write(written::append, connection -> isThere(connection, written.firstPosition, written.firstId));
        if (written.firstPosition > 0) {
            watcher.advanced(written.head.position());
        }
        return outcomes;
    }

    private static boolean isThere(Connection connection, long position, String id) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM events WHERE position = ? AND event_id = ?")) {
            statement.setLong(1, position);
            statement.setString(2, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** One transaction: the file's write lock is held, so what is read here is what will stand. */
    private final class Batch {
        private final List<Commit> commits;
        private final Map<String, Long> next = new HashMap<>();
        private LogHead head = LogHead.EMPTY;
        private long firstPosition;
        private String firstId = "";

        Batch(List<Commit> commits) {
            this.commits = commits;
        }

        List<Outcome> append(SqliteFile.Writer writer) throws SQLException {
            head = SqliteEventLog.head(writer.connection());
            List<Outcome> outcomes = new ArrayList<>(commits.size());
            for (Commit commit : commits) {
                outcomes.add(append(writer, commit));
            }
            return outcomes;
        }

        private Outcome append(SqliteFile.Writer writer, Commit commit) throws SQLException {
            Map<String, Long> advanced = new HashMap<>();
            for (NewEvent event : commit.events()) {
                Long known = advanced.getOrDefault(event.stream(), next.get(event.stream()));
                long expected = known == null ? writer.nextSequence(event.stream()) : known;
                if (event.sequence() != expected) {
                    return new Conflict(event.stream(), event.sequence(), expected);
                }
                advanced.put(event.stream(), expected + 1);
            }
            if (commit.key() != null && writer.hasKey(commit.key().stored())) {
                return new KeyTaken(commit.key());
            }
            Instant now = clock.instant();
            Instant before = head.recordedAt();
            Instant recordedAt = Instant.ofEpochMilli(
                    before != null && before.isAfter(now) ? before.toEpochMilli() : now.toEpochMilli());
            long first = head.position() + 1;
            String hash = CommitHash.of(head.hash(), first, commit.events(), recordedAt);
            long position = head.position();
            for (NewEvent event : commit.events()) {
                position++;
                String key = commit.key() == null || position > first
                        ? null
                        : commit.key().stored();
                writer.insert(position, event, recordedAt, first, head.commits() + 1, hash, key);
            }
            next.putAll(advanced);
            head = new LogHead(position, hash, head.commits() + 1, recordedAt);
            if (firstPosition == 0) {
                firstPosition = first;
                firstId = commit.id();
            }
            return new Appended(first, position, recordedAt, hash);
        }
    }

    private static long lastPosition(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT max(position) FROM events");
                ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static LogHead head(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT position, commit_hash, commit_number, recorded_at FROM events ORDER BY position DESC"
                                + " LIMIT 1");
                ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? new LogHead(row.getLong(1), row.getString(2), row.getLong(3), Instant.parse(row.getString(4)))
                    : LogHead.EMPTY;
        }
    }

    /** @param most the characters after which no further event is read */
    private static List<RecordedEvent> select(Connection connection, long most, String where, Object... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + COLUMNS + " FROM events " + where)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            List<RecordedEvent> events = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                for (long size = 0; size < most && row.next(); ) {
                    RecordedEvent event = new RecordedEvent(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getLong(4),
                            row.getString(5),
                            row.getString(6),
                            Instant.parse(row.getString(7)),
                            row.getString(8),
                            row.getString(9),
                            row.getLong(10),
                            row.getString(11));
                    events.add(event);
                    size += event.payload().length() + event.metadata().length();
                }
            }
            return events;
        }
    }
}
