package issueledger.log.sqlite;

import issueledger.events.Rfc3339;
import issueledger.log.AppendListener;
import issueledger.log.AppendQueue;
import issueledger.log.AppendResult;
import issueledger.log.AppendResult.Appended;
import issueledger.log.AppendResult.Conflict;
import issueledger.log.AppendResult.KeyTaken;
import issueledger.log.AppendResult.Outcome;
import issueledger.log.Commit;
import issueledger.log.Commit.IdempotencyKey;
import issueledger.log.Erasure;
import issueledger.log.EventLog;
import issueledger.log.GroupedAppender;
import issueledger.log.GroupedAppender.BatchWriter;
import issueledger.log.HashedCommit;
import issueledger.log.HeadWatcher;
import issueledger.log.LogDamaged;
import issueledger.log.LogHead;
import issueledger.log.LogUnavailable;
import issueledger.log.NewEvent;
import issueledger.log.RecordedCommit;
import issueledger.log.RecordedEvent;
import issueledger.log.StreamHeads;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sqlite.SQLiteConfig;

/**
 * The embedded event log: a row per event, WAL, {@code synchronous=FULL}. The file's triggers refuse every change to
 * written rows, from any program; docs/log-format.md describes the file.
 */
public final class SqliteEventLog implements EventLog {
    private static final String LAST_POSITION = "SELECT max(position) FROM events";
    private static final String HEAD =
            "SELECT position, commit_hash, commit_number, recorded_at FROM events ORDER BY position DESC LIMIT 1";
    private static final String IS_THERE = "SELECT 1 FROM events WHERE position = ? AND event_id = ?";
    private static final String TIME = "SELECT recorded_at FROM events WHERE position = ?";
    private static final String PAGE =
            "SELECT " + Rows.COLUMNS + " FROM events WHERE position > ? ORDER BY position LIMIT ?";
    private static final String STREAM =
            "SELECT " + Rows.COLUMNS + " FROM events WHERE stream = ? AND sequence >= ? ORDER BY sequence LIMIT ?";
    private static final String KEY = "SELECT position FROM events WHERE idempotency_key IN (?, ?)";
    private static final String COMMIT = "SELECT " + Rows.COLUMNS
            + " FROM events WHERE position >= ?1 AND commit_position = ?1 ORDER BY position LIMIT ?2";
    private static final String NEXT_COMMIT =
            "SELECT position FROM events WHERE position > ?1 AND commit_position <> ?1 ORDER BY position LIMIT 1";

    private static final String ERASURES = "SELECT position, metadata, at, by, reason FROM erasures ORDER BY rowid";

    private static final Duration POLL = Duration.ofMillis(10);

    /** While commits come. */
    private static final Duration BUSY_POLL = Duration.ofMillis(2);

    private final SqliteFile file;
    private final Clock clock;
    private final GroupedAppender appender;
    private final HeadWatcher watcher;
    private final List<Erasure> erasures;
    private final Map<Long, Erasure> latest = new HashMap<>();
    private final StreamHeads sequences = new StreamHeads();

    /**
     * Opens the file; creates it if it does not exist.
     *
     * @param clock the writer's clock; recorded time never goes back behind the predecessor's
     * @throws LogUnavailable naming the file and its trouble
     */
    public static SqliteEventLog open(Path path, Clock clock) {
        return open(path, clock, SQLiteConfig::createConnection);
    }

    /**
     * Opens a file that nobody writes, such as a back-up, and leaves it as it is.
     *
     * @throws LogUnavailable where another program may be writing it
     */
    public static SqliteEventLog openImmutable(Path path) {
        for (String beside : List.of("-wal", "-journal")) {
            Path file = SqliteFile.beside(path, beside);
            if (file.toFile().length() > 0) {
                throw new LogUnavailable(
                        LogUnavailable.Outcome.NOT_APPENDED,
                        file + " is beside it, so that " + path + " is in use or was not closed: take a file that"
                                + " ./ledger backup made",
                        null);
            }
        }
        String url = "jdbc:sqlite:" + path.toUri() + "?immutable=1";
        return open(path, Clock.systemUTC(), (config, ignored) -> {
            config.setReadOnly(true);
            return config.createConnection(url);
        });
    }

    static SqliteEventLog open(Path path, Clock clock, SqliteFile.Connector connector) {
        return new SqliteEventLog(SqliteFile.open(path, connector), clock);
    }

    private SqliteEventLog(SqliteFile file, Clock clock) {
        this.file = file;
        this.clock = clock;
        this.erasures = List.copyOf(file.read(SqliteEventLog::erasures)); // Made while no service runs.
        erasures.forEach(erasure -> latest.put(erasure.position(), erasure));
        this.watcher = new HeadWatcher("log-head", POLL, BUSY_POLL, () -> file.read(SqliteEventLog::lastPosition));
        this.appender = new GroupedAppender("log-appender", new Writing());
    }

    @Override
    public AppendResult append(List<Commit> commits, Duration patience) {
        return appender.append(commits, patience);
    }

    @Override
    public List<RecordedEvent> read(long afterPosition, int limit) {
        return file.read(reader -> {
            PreparedStatement page = reader.statement(PAGE);
            page.setLong(1, afterPosition);
            page.setInt(2, limit);
            Events events = new Events(" at position ", afterPosition + 1);
            try (ResultSet row = page.executeQuery()) {
                for (long size = 0; size < PAGE_CHARACTERS && events.next(row); ) {
                    RecordedEvent event = events.last();
                    if (event.position() != events.expected()) {
                        throw LogDamaged.gap(file.path() + " has a gap: position " + events.expected()
                                + " is missing before " + event.position() + "; restore it from a back-up");
                    }
                    size += event.payload().length() + event.metadata().length();
                }
            } catch (SQLException e) {
                throw events.failed(e);
            }
            return events.read;
        });
    }

    @Override
    public List<RecordedEvent> readStream(String streamId, long fromSequence, int limit) {
        return file.read(reader -> {
            PreparedStatement stream = reader.statement(STREAM);
            stream.setString(1, streamId);
            stream.setLong(2, fromSequence);
            stream.setInt(3, limit);
            Events events = new Events(" in the stream " + streamId + " at sequence ", Math.max(0, fromSequence));
            try (ResultSet row = stream.executeQuery()) {
                while (events.next(row)) {
                    RecordedEvent event = events.last();
                    if (event.sequence() != events.expected() || !event.stream().equals(streamId)) {
                        throw LogDamaged.gap(file.path() + " has a gap: event " + events.expected() + " of the stream "
                                + streamId + " is missing before position " + event.position()
                                + "; restore it from a back-up");
                    }
                }
            } catch (SQLException e) {
                throw events.failed(e);
            }
            return events.read;
        });
    }

    @Override
    public Optional<RecordedCommit> findByIdempotencyKey(String actor, String key) {
        List<String> stored = new IdempotencyKey(actor, key).storedForms(!erasures.isEmpty());
        return file.read(reader -> {
            PreparedStatement find = reader.statement(KEY);
            find.setString(1, stored.get(0));
            find.setString(2, stored.get(stored.size() - 1));
            long first;
            try (ResultSet row = find.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                first = row.getLong(1);
            }
            PreparedStatement commit = reader.statement(COMMIT);
            commit.setLong(1, first);
            commit.setLong(2, count(reader, first));
            Events events = new Events(" at position ", first);
            try (ResultSet row = commit.executeQuery()) {
                while (events.next(row)) {
                    events.last();
                }
            } catch (SQLException e) {
                throw events.failed(e);
            }
            return Optional.of(new RecordedCommit(events.read));
        });
    }

    /** The number of a commit's events: up to the next commit's first. */
    private static long count(Reader reader, long first) throws SQLException {
        PreparedStatement next = reader.statement(NEXT_COMMIT);
        next.setLong(1, first);
        try (ResultSet row = next.executeQuery()) {
            return (row.next() ? row.getLong(1) : lastPosition(reader) + 1) - first;
        }
    }

    @Override
    public List<Erasure> erasures() {
        return erasures;
    }

    private static List<Erasure> erasures(Reader reader) throws SQLException {
        List<Erasure> erasures = new ArrayList<>();
        try (ResultSet row = reader.statement(ERASURES).executeQuery()) {
            while (row.next()) {
                erasures.add(new Erasure(
                        row.getLong(1), row.getBoolean(2), Rows.time(row, 3), Rows.text(row, 4), Rows.text(row, 5)));
            }
        }
        return erasures;
    }

    @Override
    public LogHead head() {
        return file.read(this::head);
    }

    @Override
    public long positionAt(Instant time) {
        // recorded_at never falls as position rises, so a binary search needs no index.
        return file.read(reader -> {
            long known = 0;
            long end = lastPosition(reader);
            PreparedStatement at = reader.statement(TIME);
            while (known < end) {
                long middle = known + (end - known + 1) / 2;
                at.setLong(1, middle);
                try (ResultSet row = at.executeQuery()) {
                    if (!row.next()) {
                        throw LogDamaged.gap(file.path() + " has a gap: position " + middle
                                + " is missing; restore it from a back-up");
                    }
                    if (time(row, 1, middle).isAfter(time)) {
                        end = middle - 1;
                    } else {
                        known = middle;
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
    public long walBytes() {
        return file.walBytes();
    }

    @Override
    public void onAppend(AppendListener listener) {
        appender.listener(listener);
    }

    @Override
    public AppendQueue queue() {
        return appender.queue();
    }

    @Override
    public Optional<String> trouble() {
        return watcher.failure().or(appender::failure);
    }

    @Override
    public void close() {
        appender.close();
        watcher.close();
        file.close();
    }

    /** Runs on the appender's thread alone. */
    private final class Writing implements BatchWriter {
        @Override
        public void prepare() {
            file.begin();
        }

        @Override
        public List<Outcome> write(List<HashedCommit> commits) {
            Batch batch = new Batch(commits);
            boolean stands = false;
            try {
                List<Outcome> outcomes = file.write(batch::append, batch::isThere);
                stands = true;
                if (batch.firstPosition > 0) {
                    watcher.advanced(batch.position);
                    file.written((int) (batch.position - batch.firstPosition + 1));
                }
                return outcomes;
            } finally {
                if (!stands) {
                    sequences.forget();
                }
            }
        }
    }

    /** One transaction: it holds the file's write lock, so the head does not move before the commit. */
    private final class Batch {
        private final List<HashedCommit> batch;
        private long position;
        private String hash = "";
        private long commits;
        private long time;
        private String recordedAt = "";
        private long firstPosition;
        private String firstId = "";

        Batch(List<HashedCommit> batch) {
            this.batch = batch;
        }

        List<Outcome> append(Writer writer) throws SQLException {
            LogHead head = head(writer.reader());
            position = head.position();
            hash = head.hash();
            commits = head.commits();
            time = head.recordedAt() == null
                    ? Long.MIN_VALUE
                    : head.recordedAt().toEpochMilli();
            recordedAt = head.recordedAt() == null ? "" : Rfc3339.format(head.recordedAt());
            sequences.standOn(hash);
            List<Outcome> outcomes = new ArrayList<>(batch.size());
            for (HashedCommit commit : batch) {
                outcomes.add(append(writer, commit));
            }
            sequences.advanceTo(hash);
            return outcomes;
        }

        private Outcome append(Writer writer, HashedCommit hashed) throws SQLException {
            Commit commit = hashed.commit();
            Map<String, Long> advanced = new HashMap<>();
            for (NewEvent event : commit.events()) {
                Long own = advanced.get(event.stream());
                long expected = own == null ? next(writer, event.stream()) : own;
                if (event.sequence() != expected) {
                    return new Conflict(event.stream(), event.sequence(), expected);
                }
                advanced.put(event.stream(), expected + 1);
            }
            for (Map.Entry<String, Long> other : commit.expected().entrySet()) {
                long next = next(writer, other.getKey());
                if (next != other.getValue()) {
                    return new Conflict(other.getKey(), other.getValue(), next);
                }
            }
            IdempotencyKey given = commit.key();
            String key = given == null ? null : given.stored();
            if (given != null) {
                for (String stored : given.storedForms(!erasures.isEmpty())) {
                    if (writer.hasKey(stored)) {
                        return new KeyTaken(given);
                    }
                }
            }
            long now = commit.time(clock).toEpochMilli();
            if (now > time) {
                time = now;
                recordedAt = Rfc3339.format(Instant.ofEpochMilli(now));
            }
            long first = position + 1;
            hash = hashed.hash(hash, first, recordedAt);
            commits++;
            for (NewEvent event : commit.events()) {
                position++;
                writer.insert(
                        position,
                        event,
                        recordedAt,
                        first,
                        commits,
                        hash,
                        position == first ? key : null,
                        position == first ? commit.request() : null);
            }
            advanced.forEach(sequences::learn);
            if (firstPosition == 0) {
                firstPosition = first;
                firstId = commit.id();
            }
            return new Appended(first, position, Instant.ofEpochMilli(time), hash);
        }

        private long next(Writer writer, String stream) throws SQLException {
            Long known = sequences.of(stream);
            return known == null ? writer.nextSequence(stream) : known;
        }

        boolean isThere(Reader reader) throws SQLException {
            PreparedStatement statement = reader.statement(IS_THERE);
            statement.setLong(1, firstPosition);
            statement.setString(2, firstId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private static long lastPosition(Reader reader) throws SQLException {
        try (ResultSet row = reader.statement(LAST_POSITION).executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private LogHead head(Reader reader) throws SQLException {
        try (ResultSet row = reader.statement(HEAD).executeQuery()) {
            return row.next()
                    ? new LogHead(row.getLong(1), Rows.text(row, 2), row.getLong(3), time(row, 4, row.getLong(1)))
                    : LogHead.EMPTY;
        }
    }

    private Instant time(ResultSet row, int column, long position) throws SQLException {
        try {
            return Rows.time(row, column);
        } catch (DateTimeException e) {
            throw file.failures().damaged(" at position " + position, e);
        }
    }

    /** The events read so far; locates a failure of the read. */
    private final class Events {
        private final List<RecordedEvent> read = new ArrayList<>();
        private final Rows rows = new Rows(latest);
        private final String where;
        private final long first;

        /** @param where the words before the number of the event that was to come, which for the first is {@code first} */
        Events(String where, long first) {
            this.where = where;
            this.first = first;
        }

        boolean next(ResultSet row) throws SQLException {
            if (!row.next()) {
                return false;
            }
            try {
                read.add(rows.event(row));
            } catch (DateTimeException | IllegalArgumentException e) {
                throw file.failures().damaged(where + (first + read.size()), e);
            }
            return true;
        }

        RecordedEvent last() {
            return read.get(read.size() - 1);
        }

        /** The number that the last event must have. */
        long expected() {
            return first + read.size() - 1;
        }

        /** The exception for a failure after the last event. */
        SQLException failed(SQLException e) {
            if (SqliteErrors.isDamage(e)) {
                throw file.failures().damaged(where + (first + read.size()) + " or after it", e);
            }
            return e;
        }
    }
}
