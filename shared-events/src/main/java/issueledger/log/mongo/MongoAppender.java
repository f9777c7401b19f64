package issueledger.log.mongo;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Sorts.descending;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.InsertManyOptions;
import issueledger.events.Rfc3339;
import issueledger.log.AppendResult.Appended;
import issueledger.log.AppendResult.Conflict;
import issueledger.log.AppendResult.KeyTaken;
import issueledger.log.AppendResult.Outcome;
import issueledger.log.AppendResult.Unknown;
import issueledger.log.Commit.IdempotencyKey;
import issueledger.log.GroupedAppender;
import issueledger.log.HashedCommit;
import issueledger.log.HeadWatcher;
import issueledger.log.LogHead;
import issueledger.log.LogUnavailable;
import issueledger.log.NewEvent;
import issueledger.log.StreamHeads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches of commits at head + 1 and resolves their outcomes. Runs on the appender's thread alone.
 *
 * <p>A commit has landed when a majority read shows its id. It has failed only when a majority read shows another commit at its position,
 * or its idempotency key in another commit: a request still in flight stops at the same place, since its inserts are ordered. Until then
 * it is sent again to the same position. If time runs out first, its outcome is unknown, and it is sent nowhere else.
 */
final class MongoAppender implements GroupedAppender.BatchWriter {
    private static final int MAX_COMMITS = 1_000;
    private static final int MAX_BYTES = 12 * 1024 * 1024;
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** Time for which a position is left to another process, in addition to twice the duration of the last batch. */
    private static final Duration COURTESY = Duration.ofMillis(20);

    private static final Duration MAX_COURTESY = Duration.ofMillis(500);

    private static final int LOOK_AHEAD = 200;

    /** After this many lost races in a row the streams are looked up before the next attempt. */
    private static final int FEW = 4;

    private final CommitCollection commits;
    private final CommitCodec documents;
    private final HeadWatcher watcher;
    private final Consumer<LogHead> advanced;
    private final Clock clock;
    private final AppenderFairness turns;
    private final boolean erasures;
    private final StreamHeads sequences = new StreamHeads();
    private @Nullable LogHead head;
    private long lastTook;

    /**
     * @param advanced called with every head that this appender has seen
     * @param erasures whether the log has any, so that a key may be stored in its erased form
     */
    MongoAppender(
            CommitCollection commits,
            CommitCodec documents,
            HeadWatcher watcher,
            Consumer<LogHead> advanced,
            AppenderFairness turns,
            boolean erasures,
            Clock clock) {
        this.commits = commits;
        this.documents = documents;
        this.watcher = watcher;
        this.advanced = advanced;
        this.turns = turns;
        this.erasures = erasures;
        this.clock = clock;
    }

    @Override
    public void prepare() {
        if (head == null) {
            head = documents.ask(() -> documents.head(commits.last()));
        } else {
            LogHead known = head;
            documents.ask(() -> {
                giveWay(known);
                return known;
            });
        }
    }

    @Override
    public List<Outcome> write(List<HashedCommit> taken) {
        long start = System.nanoTime();
        List<Outcome> outcomes = new Batch(taken).write();
        lastTook = System.nanoTime() - start;
        return outcomes;
    }

    /** Leaves the next position to waiting processes for a moment, then reads new commits. */
    private void giveWay(LogHead known) {
        boolean wanted = turns.othersWait();
        long until = System.nanoTime() + Math.min(MAX_COURTESY.toNanos(), COURTESY.toNanos() + 2 * lastTook);
        if (wanted || watcher.seen() > known.position()) {
            readOn(Set.of());
        }
        while (wanted && known.equals(head) && System.nanoTime() < until) {
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                return; // The log is closing: waiting commits are written at once.
            }
            readOn(Set.of());
        }
    }

    /**
     * Reads the commits after the known head and moves it to the last of them.
     *
     * @param ids the commits to look for
     * @return the commits found, by id
     */
    private Map<String, Appended> readOn(Set<String> ids) {
        Map<String, Appended> found = new HashMap<>();
        LogHead known = Objects.requireNonNull(head);
        Document last = commits.after(known.position(), LOOK_AHEAD, CommitCodec.CHAIN, commit -> {
            for (Document event : CommitCodec.eventsOf(commit)) {
                sequences.learn(event.getString("stream"), event.getLong("sequence") + 1);
            }
            if (ids.contains(commit.getString("commit"))) {
                found.put(
                        commit.getString("commit"),
                        new Appended(
                                commit.getLong("_id"),
                                CommitCodec.last(commit),
                                documents.recordedAt(commit),
                                commit.getString("hash")));
            }
            return true;
        });
        // Only after a complete read: commits of a broken read are read again. Otherwise this process could mistake its
        // own commit for another's.
        known = last == null ? known : documents.head(last);
        head = known;
        advanced.accept(known);
        return found;
    }

    /** A commit and the position that it is sent to. */
    private record Numbered(HashedCommit commit, Document document, LogHead after) {
        String id() {
            return commit.commit().id();
        }

        long first() {
            return document.getLong("_id");
        }

        Appended appended() {
            return new Appended(first(), after.position(), Objects.requireNonNull(after.recordedAt()), after.hash());
        }
    }

    /** A group of commits on its way to the server, until each has its outcome. */
    private final class Batch {
        private final List<HashedCommit> taken;
        private final Map<HashedCommit, Outcome> outcomes = new HashMap<>();
        private final Set<HashedCommit> sentBefore = new HashSet<>();
        private final long deadline = System.nanoTime() + GroupedAppender.PATIENCE.toNanos();
        private boolean maybeSent;
        private boolean careful;
        private int lost;
        private boolean current;

        Batch(List<HashedCommit> taken) {
            this.taken = taken;
        }

        List<Outcome> write() {
            while (outcomes.size() < taken.size()) {
                List<Numbered> numbered = number();
                if (!numbered.isEmpty()) {
                    send(numbered);
                }
            }
            return taken.stream()
                    .map(commit -> Objects.requireNonNull(outcomes.get(commit)))
                    .toList();
        }

        /** Numbers the next commits without an outcome; a commit that cannot have a position gets its outcome. */
        private List<Numbered> number() {
            List<HashedCommit> open = taken.stream()
                    .filter(commit -> !outcomes.containsKey(commit))
                    .toList();
            try {
                lookUp(open);
                refuseTakenKeys(open);
            } catch (MongoException e) {
                failed(e);
                return List.of();
            }
            List<Numbered> numbered = new ArrayList<>();
            Map<String, Long> next = new HashMap<>();
            Set<String> keys = new HashSet<>();
            LogHead last = Objects.requireNonNull(head);
            int bytes = 0;
            for (HashedCommit commit : open) {
                if (outcomes.containsKey(commit)) {
                    continue;
                }
                if (commit.isGivenUp() && sentBefore.contains(commit)) {
                    outcomes.put(commit, new Unknown("its sender no longer waits for it"));
                    continue;
                }
                bytes += commit.bytes();
                if (numbered.size() == MAX_COMMITS || (bytes > MAX_BYTES && !numbered.isEmpty())) {
                    break;
                }
                IdempotencyKey key = commit.commit().key();
                Conflict conflict = conflict(commit, next);
                if (conflict != null && !current) {
                    // Another process may have appended the event that this commit follows.
                    return onCurrentHead();
                }
                if (conflict != null) {
                    outcomes.put(commit, conflict);
                } else if (key != null && !keys.add(key.stored())) {
                    outcomes.put(commit, new KeyTaken(key));
                } else {
                    Numbered placed = place(commit, last);
                    numbered.add(placed);
                    last = placed.after();
                    commit.commit().events().forEach(e -> next.put(e.stream(), e.sequence() + 1));
                }
            }
            return numbered;
        }

        private List<Numbered> onCurrentHead() {
            try {
                readOn(Set.of());
            } catch (MongoException e) {
                failed(e);
                return List.of();
            }
            current = true;
            return number();
        }

        /** @param next the streams' next sequences after the batch's earlier commits */
        private @Nullable Conflict conflict(HashedCommit commit, Map<String, Long> next) {
            Map<String, Long> own = new HashMap<>();
            for (NewEvent event : commit.commit().events()) {
                Long expected = own.get(event.stream());
                expected = expected == null ? next.get(event.stream()) : expected;
                expected = expected == null ? sequences.of(event.stream()) : expected;
                // An unknown stream is assumed to be new; its index refuses the commit otherwise.
                long must = expected == null ? 0 : expected;
                if (event.sequence() != must) {
                    return new Conflict(event.stream(), event.sequence(), must);
                }
                own.put(event.stream(), must + 1);
            }
            for (Map.Entry<String, Long> other : commit.commit().expected().entrySet()) {
                Long known = next.get(other.getKey());
                known = known == null ? sequences.of(other.getKey()) : known;
                if (!other.getValue().equals(known)) {
                    return new Conflict(other.getKey(), other.getValue(), known == null ? 0 : known);
                }
            }
            return null;
        }

        private Numbered place(HashedCommit commit, LogHead last) {
            long now = commit.commit().time(clock).toEpochMilli();
            Instant time = Instant.ofEpochMilli(
                    last.recordedAt() == null
                            ? now
                            : Math.max(now, last.recordedAt().toEpochMilli()));
            String recordedAt = Rfc3339.format(time);
            long first = last.position() + 1;
            String hash = commit.hash(last.hash(), first, recordedAt);
            long end = last.position() + commit.commit().events().size();
            return new Numbered(
                    commit,
                    CommitCodec.document(commit, first, last.commits() + 1, hash, recordedAt),
                    new LogHead(end, hash, last.commits() + 1, time));
        }

        /** Looks up the unknown streams' ends. Streams that a commit begins are looked up only after a failure. */
        private void lookUp(List<HashedCommit> open) {
            Map<String, Long> unknown = new HashMap<>();
            for (HashedCommit commit : open) {
                for (NewEvent event : commit.commit().events()) {
                    boolean begins = event.sequence() == 0 && !careful;
                    if (!begins && sequences.of(event.stream()) == null) {
                        unknown.merge(event.stream(), event.sequence(), Math::min);
                    }
                }
                commit.commit().expected().forEach((stream, sequence) -> {
                    if (sequences.of(stream) == null) {
                        unknown.merge(stream, sequence, Math::min);
                    }
                });
            }
            if (unknown.isEmpty()) {
                return;
            }
            List<Bson> wanted = new ArrayList<>();
            unknown.forEach((stream, sequence) ->
                    wanted.add(CommitCollection.withEvents(stream, new Document("$gte", Math.max(0, sequence - 1)))));
            Map<String, Long> next = new HashMap<>();
            try (MongoCursor<Document> found = commits.collection()
                    .find(or(wanted))
                    .projection(include("events.stream", "events.sequence"))
                    .iterator()) {
                while (found.hasNext()) {
                    for (Document event : CommitCodec.eventsOf(found.next())) {
                        next.merge(event.getString("stream"), event.getLong("sequence") + 1, Math::max);
                    }
                }
            }
            unknown.forEach((stream, sequence) ->
                    sequences.learn(stream, next.containsKey(stream) ? next.get(stream) : end(stream, sequence)));
        }

        /** The next sequence of a stream that ends before the expected one. */
        private long end(String stream, long sequence) {
            if (sequence == 0) {
                return 0;
            }
            Document last = commits.collection()
                    .find(eq("events.stream", stream))
                    .projection(include("events.stream", "events.sequence"))
                    .sort(descending("_id"))
                    .limit(1)
                    .first();
            return last == null
                    ? 0
                    : CommitCodec.eventsOf(last).stream()
                                    .filter(event -> stream.equals(event.getString("stream")))
                                    .mapToLong(event -> event.getLong("sequence"))
                                    .max()
                                    .orElseThrow()
                            + 1;
        }

        private void refuseTakenKeys(List<HashedCommit> open) {
            Map<String, List<HashedCommit>> keyed = new HashMap<>();
            for (HashedCommit commit : open) {
                IdempotencyKey key = commit.commit().key();
                if (key != null) {
                    for (String stored : key.storedForms(erasures)) {
                        keyed.computeIfAbsent(stored, none -> new ArrayList<>()).add(commit);
                    }
                }
            }
            if (keyed.isEmpty()) {
                return;
            }
            try (MongoCursor<Document> found = commits.collection()
                    .find(in("key", keyed.keySet()))
                    .projection(include("key", "commit"))
                    .iterator()) {
                while (found.hasNext()) {
                    String taken = found.next().getString("key");
                    for (HashedCommit commit : Objects.requireNonNull(keyed.get(taken))) {
                        outcomes.put(
                                commit,
                                new KeyTaken(
                                        Objects.requireNonNull(commit.commit().key())));
                    }
                }
            }
        }

        /** Returns when all have landed, or when the first of the others can no longer land at its position. */
        private void send(List<Numbered> numbered) {
            List<Numbered> left = numbered;
            while (!left.isEmpty()) {
                left.forEach(sent -> sentBefore.add(sent.commit()));
                MongoException failure;
                try {
                    commits.collection()
                            .insertMany(
                                    left.stream().map(Numbered::document).toList(),
                                    new InsertManyOptions().ordered(true));
                    landed(left);
                    return;
                } catch (MongoException e) {
                    failure = e;
                    maybeSent |= !MongoErrors.isUnsent(e) && !MongoErrors.isDuplicate(e);
                }
                boolean duplicate = MongoErrors.isDuplicate(failure);
                // Mostly another was first at the place; that it was also at a stream that one of these begins is rare.
                careful |= !duplicate || ++lost == FEW;
                Set<String> ids = new HashSet<>();
                left.forEach(sent -> ids.add(sent.id()));
                Map<String, Appended> found;
                try {
                    if (duplicate && lost > 1) {
                        turns.lost(); // A single loss does not count.
                    }
                    found = readOn(ids);
                } catch (MongoException e) {
                    failed(e);
                    if (outcomes.size() == taken.size()) {
                        return;
                    }
                    continue;
                }
                List<Numbered> missing = new ArrayList<>();
                for (Numbered sent : left) {
                    Appended appended = found.get(sent.id());
                    if (appended == null) {
                        missing.add(sent);
                    } else {
                        outcomes.put(sent.commit(), appended);
                    }
                }
                left = missing;
                if (left.isEmpty()
                        || left.get(0).first() <= Objects.requireNonNull(head).position()) {
                    return; // Another commit took its position: number it again.
                }
                careful = true;
                left.get(0).commit().commit().events().forEach(event -> {
                    if (duplicate) {
                        sequences.forget(event.stream());
                    }
                });
                failed(failure);
                if (duplicate || outcomes.size() == taken.size()) {
                    return; // A key of the first is taken, or about to be: to be looked at, and sent to the same place
                    // if not.
                }
            }
        }

        private void landed(List<Numbered> sent) {
            for (Numbered one : sent) {
                outcomes.put(one.commit(), one.appended());
                one.commit().commit().events().forEach(event -> sequences.learn(event.stream(), event.sequence() + 1));
            }
            LogHead last = sent.get(sent.size() - 1).after();
            head = last;
            advanced.accept(last);
        }

        /** Waits a moment; at the time limit, sets the outcome of commits that have none. */
        private void failed(MongoException e) {
            LogUnavailable unavailable = documents.unavailable(e);
            if (System.nanoTime() < deadline) {
                try {
                    Thread.sleep(PAUSE);
                    return;
                } catch (InterruptedException i) {
                    Thread.currentThread().interrupt();
                }
            }
            if (!maybeSent) {
                throw unavailable;
            }
            for (HashedCommit commit : taken) {
                outcomes.putIfAbsent(commit, new Unknown(String.valueOf(unavailable.getMessage())));
            }
        }
    }
}
