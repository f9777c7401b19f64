package issueledger.log.mongo;

import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Sorts.ascending;

import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import issueledger.events.Rfc3339;
import issueledger.log.AppendListener;
import issueledger.log.AppendQueue;
import issueledger.log.AppendResult;
import issueledger.log.Commit;
import issueledger.log.Commit.IdempotencyKey;
import issueledger.log.Erasure;
import issueledger.log.EventLog;
import issueledger.log.GroupedAppender;
import issueledger.log.HeadWatcher;
import issueledger.log.LogDamaged;
import issueledger.log.LogHead;
import issueledger.log.Place;
import issueledger.log.RecordedCommit;
import issueledger.log.RecordedEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * The event log of production. Reads are majority-committed; acknowledged writes are majority-committed and journaled. No fail-over takes
 * back an event that a client has seen. docs/log-format.md describes the documents.
 */
public final class MongoEventLog implements EventLog {
    public static final String COMMITS = "commits";

    /** A document for each erasure, beside the log. */
    public static final String ERASURES = "erasures";

    private static final Duration POLL = Duration.ofMillis(50);

    private static final Bson ALL = new Document();
    private static final int LOOK_AHEAD = 200;

    /** Maximum events of one query for a stream, whose documents are sorted in the server's memory. */
    private static final int STREAM_PART = 100;

    private final CommitCollection commits;
    private final CommitCodec documents;
    private final List<Erasure> erasures;
    private volatile @Nullable LogHead seen;
    private final HeadWatcher watcher;
    private final GroupedAppender appender;
    private final ChangeStreamWakeup hint;

    /**
     * Opens the log in a database and creates the collection's indexes.
     *
     * @param where the database's name in messages, without a password
     * @param clock the writer's clock; recorded time never goes back behind the predecessor's
     */
    public static MongoEventLog open(MongoDatabase database, String where, Clock clock) {
        MongoCollection<Document> collection = database.getCollection(COMMITS)
                .withReadPreference(ReadPreference.primary())
                .withReadConcern(ReadConcern.MAJORITY)
                .withWriteConcern(WriteConcern.MAJORITY
                        .withJournal(true)
                        .withWTimeout(MongoDeployment.CONFIRM_MILLISECONDS, TimeUnit.MILLISECONDS));
        Map<Long, Erasure> latest = new HashMap<>();
        CommitCodec documents = new CommitCodec(where, latest);
        List<Erasure> erasures = documents.ask(() -> erasures(database, where));
        erasures.forEach(erasure -> latest.put(erasure.position(), erasure));
        documents.ask(() -> collection.createIndexes(List.of(
                new IndexModel(Indexes.ascending("events.stream", "events.sequence"), new IndexOptions().unique(true)),
                new IndexModel(Indexes.ascending("commit"), new IndexOptions().unique(true)),
                new IndexModel(
                        Indexes.ascending("key"),
                        new IndexOptions().unique(true).sparse(true)))));
        CommitCollection commits = new CommitCollection(collection, documents);
        return new MongoEventLog(commits, documents, erasures, new AppenderFairness(database, clock), clock);
    }

    private static List<Erasure> erasures(MongoDatabase database, String where) {
        List<Erasure> erasures = new ArrayList<>();
        for (Document one : database.getCollection(ERASURES).find().sort(ascending("at", "position"))) {
            try {
                erasures.add(new Erasure(
                        one.getLong("position"),
                        one.getBoolean("metadata"),
                        Objects.requireNonNull(Rfc3339.parse(one.getString("at")), "at"),
                        one.getString("by"),
                        one.getString("reason")));
            } catch (ClassCastException | NullPointerException e) {
                throw new LogDamaged(where + " is damaged: the erasure " + one.get("_id") + " cannot be read", e);
            }
        }
        return List.copyOf(erasures);
    }

    private MongoEventLog(
            CommitCollection commits,
            CommitCodec documents,
            List<Erasure> erasures,
            AppenderFairness turns,
            Clock clock) {
        this.commits = commits;
        this.erasures = erasures;
        this.documents = documents;
        this.watcher = new HeadWatcher(
                "log-head",
                POLL,
                () -> documents.ask(() -> {
                    turns.look();
                    return lastPosition();
                }));
        this.appender = new GroupedAppender(
                "log-appender",
                new MongoAppender(commits, documents, watcher, this::appended, turns, !erasures.isEmpty(), clock));
        this.hint = new ChangeStreamWakeup(commits.collection(), watcher::hint);
    }

    @Override
    public AppendResult append(List<Commit> batch, Duration patience) {
        return appender.append(batch, patience);
    }

    @Override
    public List<RecordedEvent> read(long afterPosition, int limit) {
        return documents.ask(() -> {
            long after = Math.max(0, afterPosition);
            Page page = new Page(after, limit);
            long end = after;
            if (after > 0 && !commits.isThere(after + 1)) {
                // The position is within a commit, or nothing comes after it.
                Document within = commits.containing(after, ALL);
                if (within != null && CommitCodec.last(within) > after) {
                    end = CommitCodec.last(within);
                    if (!page.add(within)) {
                        return page.events;
                    }
                }
            }
            commits.after(end, limit, ALL, page::add);
            return page.events;
        });
    }

    /** By the commits' ids, which are their first positions. */
    @Override
    public List<RecordedEvent> readAt(List<Place> places) {
        Set<Long> wanted = places.stream().map(Place::position).collect(Collectors.toSet());
        List<Long> ids = places.stream().map(Place::commit).distinct().toList();
        return documents.ask(() -> {
            List<RecordedEvent> events = new ArrayList<>();
            long characters = 0;
            try (MongoCursor<Document> cursor = commits.collection()
                    .find(in("_id", ids))
                    .sort(ascending("_id"))
                    .iterator()) {
                while (cursor.hasNext() && characters < PAGE_CHARACTERS) {
                    for (RecordedEvent event : documents.events(cursor.next())) {
                        if (wanted.contains(event.position()) && characters < PAGE_CHARACTERS) {
                            requireNext(places, events.size(), event.position());
                            events.add(event);
                            characters += event.characters();
                        }
                    }
                }
            }
            if (characters < PAGE_CHARACTERS && events.size() < places.size()) {
                throw documents.gap(places.get(events.size()).position());
            }
            return events;
        });
    }

    private void requireNext(List<Place> places, int next, long position) {
        long expected = places.get(next).position();
        if (position != expected) {
            throw documents.gap(expected);
        }
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
                        throw LogDamaged.gap(documents.where() + " has a gap: event " + next + " of the stream "
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
        Bson wanted = CommitCollection.withEvents(streamId, new Document("$gte", from).append("$lt", from + part));
        List<RecordedEvent> events = new ArrayList<>();
        long characters = 0;
        try (MongoCursor<Document> cursor =
                commits.collection().find(wanted).sort(ascending("_id")).iterator()) {
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
        List<String> stored = new IdempotencyKey(actor, key).storedForms(!erasures.isEmpty());
        return documents.ask(() -> Optional.ofNullable(
                        commits.collection().find(in("key", stored)).first())
                .map(document -> new RecordedCommit(documents.events(document))));
    }

    @Override
    public List<Erasure> erasures() {
        return erasures;
    }

    @Override
    public LogHead head() {
        return documents.ask(() -> {
            LogHead known = seen;
            LogHead end = known == null ? documents.head(commits.last()) : known;
            Document last = commits.after(end.position(), LOOK_AHEAD, CommitCodec.HEAD, commit -> true);
            // If another thread has seen more, the next look reads the same commits again.
            end = last == null ? end : documents.head(last);
            seen = end;
            return end;
        });
    }

    /** Commits that this process wrote, or read before it wrote, need not be read again to find the head. */
    private void appended(LogHead to) {
        LogHead known = seen;
        if (known == null || known.position() < to.position()) {
            seen = to;
        }
        watcher.advanced(to.position());
    }

    private long lastPosition() {
        LogHead known = seen;
        return known != null && !commits.isThere(known.position() + 1) ? known.position() : head().position();
    }

    /** A binary search: recordedAt never falls as positions rise, so it needs no index. */
    @Override
    public long positionAt(Instant time) {
        return documents.ask(() -> {
            long known = 0;
            long end = head().position();
            while (known < end) {
                long middle = known + (end - known + 1) / 2;
                Document commit = commits.containing(middle, CommitCodec.HEAD);
                if (commit == null) {
                    throw documents.gap(middle);
                }
                if (documents.recordedAt(commit).isAfter(time)) {
                    end = commit.getLong("_id") - 1;
                } else {
                    known = CommitCodec.last(commit);
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
        hint.close();
        appender.close();
        watcher.close();
    }

    /** A page of events, bounded in number and characters. */
    private final class Page {
        private final List<RecordedEvent> events = new ArrayList<>();
        private final long after;
        private final int limit;
        private long characters;

        Page(long after, int limit) {
            this.after = after;
            this.limit = limit;
        }

        /** Adds the events after the position; false if the page is full. */
        boolean add(Document commit) {
            for (RecordedEvent event : documents.events(commit)) {
                if (event.position() <= after) {
                    continue;
                }
                characters += event.payload().length() + event.metadata().length();
                if (events.size() == limit || (characters > PAGE_CHARACTERS && !events.isEmpty())) {
                    return false;
                }
                events.add(event);
            }
            return events.size() < limit;
        }
    }
}
