package issueledger.log.mongo;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Sorts.descending;

import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import issueledger.log.AppendResult;
import issueledger.log.Commit;
import issueledger.log.Commit.IdempotencyKey;
import issueledger.log.EventLog;
import issueledger.log.GroupedAppender;
import issueledger.log.HeadWatcher;
import issueledger.log.LogDamaged;
import issueledger.log.LogHead;
import issueledger.log.RecordedCommit;
import issueledger.log.RecordedEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * The event log of production. What is read is majority-committed, what is acknowledged is majority-committed and in the journal, so
 * that no fail-over takes back what anybody was shown; docs/log-format.md describes the documents to strangers.
 */
public final class MongoEventLog implements EventLog {
    /** The collection. */
    public static final String COMMITS = "commits";

    private static final Duration POLL = Duration.ofMillis(50);
    private static final long WRITE_MILLISECONDS = 4_000;

    /** So much of a stream is asked for at once: its documents are sorted in the server's memory. */
    private static final int STREAM_PART = 100;

    private final MongoCollection<Document> commits;
    private final Documents documents;
    private final HeadWatcher watcher;
    private final GroupedAppender appender;
    private final ChangeHint hint;

    /**
     * Opens the log in a database, and makes the collection's indexes.
     *
     * @param where how messages name the database; without a password
     * @param clock the writer's; what it says is only taken where it is not before the predecessor's time
     */
    public static MongoEventLog open(MongoDatabase database, String where, Clock clock) {
        MongoCollection<Document> commits = database.getCollection(COMMITS)
                .withReadPreference(ReadPreference.primary())
                .withReadConcern(ReadConcern.MAJORITY)
                .withWriteConcern(WriteConcern.MAJORITY
                        .withJournal(true)
                        .withWTimeout(WRITE_MILLISECONDS, TimeUnit.MILLISECONDS));
        Documents documents = new Documents(where);
        documents.ask(() -> commits.createIndexes(List.of(
                new IndexModel(Indexes.ascending("events.stream", "events.sequence"), new IndexOptions().unique(true)),
                new IndexModel(Indexes.ascending("commit"), new IndexOptions().unique(true)),
                new IndexModel(
                        Indexes.ascending("key"),
                        new IndexOptions().unique(true).sparse(true)))));
        return new MongoEventLog(commits, documents, clock);
    }

    private MongoEventLog(MongoCollection<Document> commits, Documents documents, Clock clock) {
        this.commits = commits;
        this.documents = documents;
        this.watcher = new HeadWatcher("log-head", POLL, () -> documents.ask(this::lastPosition));
        this.appender = new GroupedAppender("log-appender", new MongoAppender(commits, documents, watcher, clock));
        this.hint = new ChangeHint(commits, watcher::hint);
    }

    @Override
    public AppendResult append(List<Commit> batch, Duration patience) {
        return appender.append(batch, patience);
    }

    @Override
    public List<RecordedEvent> read(long afterPosition, int limit) {
        return documents.ask(() -> {
            long after = Math.max(0, afterPosition);
            Page page = new Page(limit);
            page.read(commits.find(gt("_id", after)).sort(ascending("_id")).limit(limit), after);
            if (page.first() == after + 1) {
                return page.events;
            }
            // The position is within a commit, or nothing comes after it.
            Document within = commits.find(lte("_id", after))
                    .sort(descending("_id"))
                    .limit(1)
                    .first();
            long end = within == null ? 0 : Documents.last(within);
            if (end > after && within != null) {
                page = new Page(limit);
                if (page.add(within, after) && page.events.size() < limit) {
                    page.read(
                            commits.find(gt("_id", end)).sort(ascending("_id")).limit(limit - page.events.size()),
                            after);
                }
            } else if (page.first() != 0) {
                throw documents.gap(after + 1);
            }
            return page.events;
        });
    }

    @Override
    public List<RecordedEvent> readStream(String streamId, long fromSequence, int limit) {
        return documents.ask(() -> {
            List<RecordedEvent> events = new ArrayList<>();
            long next = Math.max(0, fromSequence);
            long characters = 0;
            int part;
            do {
                part = Math.min(STREAM_PART, limit - events.size());
                List<RecordedEvent> some = streamPart(streamId, next, part);
                for (RecordedEvent event : some) {
                    if (event.sequence() != next) {
                        throw new LogDamaged(documents.where() + " has a gap: event " + next + " of the stream "
                                + streamId + " is missing before position " + event.position()
                                + "; restore it from a back-up");
                    }
                    characters += event.payload().length() + event.metadata().length();
                    if (characters > PAGE_CHARACTERS && !events.isEmpty()) {
                        return events;
                    }
                    events.add(event);
                    next++;
                }
                if (some.size() < part) {
                    return events;
                }
            } while (events.size() < limit);
            return events;
        });
    }

    private List<RecordedEvent> streamPart(String streamId, long from, int part) {
        Bson wanted = Documents.withEvents(streamId, new Document("$gte", from).append("$lt", from + part));
        List<RecordedEvent> events = new ArrayList<>();
        long characters = 0;
        try (MongoCursor<Document> cursor =
                commits.find(wanted).sort(ascending("_id")).iterator()) {
            while (cursor.hasNext() && characters <= PAGE_CHARACTERS) {
                for (RecordedEvent event : documents.events(cursor.next())) {
                    if (event.stream().equals(streamId) && event.sequence() >= from && event.sequence() < from + part) {
                        events.add(event);
                        characters += event.payload().length();
                    }
                }
            }
        }
        return events;
    }

    @Override
    public Optional<RecordedCommit> findByIdempotencyKey(String actor, String key) {
        String stored = new IdempotencyKey(actor, key).stored();
        return documents.ask(
                () -> Optional.ofNullable(commits.find(eq("key", stored)).first())
                        .map(document -> new RecordedCommit(documents.events(document))));
    }

    @Override
    public LogHead head() {
        return documents.ask(() -> documents.head(commits.find()
                .projection(Documents.HEAD)
                .sort(descending("_id"))
                .limit(1)
                .first()));
    }

    private long lastPosition() {
        Document last = commits.find()
                .projection(include("n"))
                .sort(descending("_id"))
                .limit(1)
                .first();
        return last == null ? 0 : Documents.last(last);
    }

    /** Halving, since recordedAt never falls as positions rise: no index is needed for it. */
    @Override
    public long positionAt(Instant time) {
        return documents.ask(() -> {
            long known = 0;
            long end = lastPosition();
            while (known < end) {
                long middle = known + (end - known + 1) / 2;
                Document commit = commits.find(lte("_id", middle))
                        .projection(Documents.HEAD)
                        .sort(descending("_id"))
                        .limit(1)
                        .first();
                if (commit == null || Documents.last(commit) < middle) {
                    throw documents.gap(middle);
                }
                if (documents.recordedAt(commit).isAfter(time)) {
                    end = commit.getLong("_id") - 1;
                } else {
                    known = Documents.last(commit);
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
    public Optional<String> trouble() {
        return watcher.failure().or(appender::failure);
    }

    @Override
    public void close() {
        hint.close();
        appender.close();
        watcher.close();
    }

    /** Events as they are read, up to a number of them and of characters. */
    private final class Page {
        private final List<RecordedEvent> events = new ArrayList<>();
        private final int limit;
        private long characters;

        Page(int limit) {
            this.limit = limit;
        }

        /** The first one's position, 0 where there is none. */
        long first() {
            return events.isEmpty() ? 0 : events.get(0).position();
        }

        void read(FindIterable<Document> found, long after) {
            try (MongoCursor<Document> cursor = found.iterator()) {
                while (events.size() < limit && cursor.hasNext() && add(cursor.next(), after)) {}
            }
        }

        /** Adds what comes after a position; false where the page is full. */
        boolean add(Document commit, long after) {
            for (RecordedEvent event : documents.events(commit)) {
                if (event.position() <= after) {
                    continue;
                }
                long expected = events.isEmpty() ? event.position() : first() + events.size();
                if (event.position() != expected) {
                    throw documents.gap(expected);
                }
                characters += event.payload().length() + event.metadata().length();
                if (events.size() == limit || (characters > PAGE_CHARACTERS && !events.isEmpty())) {
                    return false;
                }
                events.add(event);
            }
            return true;
        }
    }
}
