package issueledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.events.EventJson;
import issueledger.events.EventMetadata;
import issueledger.events.Rfc3339;
import issueledger.log.Commit.IdempotencyKey;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Verifies a log as docs/log-format.md says: positions, sequences, times, commits and their hashes. Threads of its own hash the events of
 * the next pages while the caller's chains those before.
 */
public final class LogVerifier {
    private static final int PAGE = 2_000;
    private static final int PAGES_AHEAD = 2;

    /** Events that one thread hashes at a time. */
    private static final int SLICE = 250;

    private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);

    private final EventLog log;
    private final StreamTable streams = new StreamTable();

    public LogVerifier(EventLog log) {
        this.log = log;
    }

    /** A kind of difference; docs/api.md says which there are. */
    public enum Fault {
        HASH,
        GAP,
        SEQUENCE,
        TIME,
        UNREADABLE
    }

    /**
     * The first fault of a log.
     *
     * @param position the event's; of a wrong hash, the first of the commit
     * @param stream null if it is not known
     */
    public record Difference(long position, @Nullable String stream, Fault what, String detail) {}

    /** A head that was written down elsewhere. */
    public record KeptHead(long position, String hash) {}

    /**
     * The outcome.
     *
     * @param events the number of events before the difference, and in all without one
     * @param commits likewise
     * @param erased the number of these events that have an erased text
     * @param hash of the last of these commits
     */
    public record Verified(
            long events,
            long commits,
            long erased,
            String hash,
            @Nullable Difference difference) {}

    /** The streams that were found, once {@link #verify} is done. */
    public StreamTable streams() {
        return streams;
    }

    /**
     * Verifies the log's events up to a position, which is a commit's last.
     *
     * @param kept a head that the log must have had; null without one
     * @param progress gets the number of events after each page, and may throw to end the verification
     */
    public Verified verify(long to, @Nullable KeptHead kept, LongConsumer progress) {
        return verify(new Chain(kept), to, kept, progress);
    }

    /**
     * Verifies the end of the log: its last events, from the first one of a commit on. The hash and the number of the commit before them
     * are taken as they stand; a version is compared with the one before it in these events.
     *
     * @param to the log's last position, which is a commit's last
     * @param events how many, or a few more
     */
    public Verified verifyEnd(long to, long events) {
        if (to <= events) {
            return verify(to, null, position -> {});
        }
        long at = to - events;
        RecordedEvent before = null;
        try {
            long commit = log.read(at, 1).getFirst().commit();
            if (commit <= 1) {
                return verify(to, null, position -> {});
            }
            at = Math.min(commit - 2, at);
            before = log.read(at, 1).getFirst();
        } catch (LogDamaged | NoSuchElementException e) {
            return new Verified(
                    0,
                    0,
                    0,
                    CommitHash.NONE,
                    new Difference(at + 1, null, Fault.UNREADABLE, String.valueOf(e.getMessage())));
        }
        return verify(new Chain(before), to, null, position -> {});
    }

    private Verified verify(Chain chain, long to, @Nullable KeptHead kept, LongConsumer progress) {
        Difference difference = follow(chain, to, progress);
        if (difference == null) {
            difference = chain.end();
        }
        if (difference == null && kept != null && kept.position() > to) {
            difference = new Difference(
                    to + 1,
                    null,
                    Fault.GAP,
                    "the log ends at position " + to + ", before the given position " + kept.position());
        }
        return new Verified(
                chain.events - chain.from, chain.commits - chain.commitsBefore, chain.erased, chain.hash, difference);
    }

    private @Nullable Difference follow(Chain chain, long to, LongConsumer progress) {
        ExecutorService hashers = Executors.newFixedThreadPool(
                THREADS, Thread.ofPlatform().daemon().name("log-verifier-", 0).factory());
        try {
            Deque<Page> ahead = new ArrayDeque<>();
            long read = chain.from;
            LogDamaged damage = null;
            while (true) {
                while (damage == null && read < to && ahead.size() < PAGES_AHEAD) {
                    try {
                        Page page = new Page(log.read(read, (int) Math.min(PAGE, to - read)), hashers);
                        if (page.events.isEmpty()) {
                            damage = LogDamaged.gap("position " + (read + 1) + " is missing");
                        } else {
                            read = page.events.getLast().position();
                            ahead.add(page);
                        }
                    } catch (LogDamaged e) {
                        damage = e;
                    }
                }
                Page page = ahead.poll();
                if (page == null) {
                    return damage == null ? null : locate(chain, read, damage, hashers);
                }
                Difference difference = chain.follow(page);
                if (difference != null) {
                    return difference;
                }
                progress.accept(page.events.getLast().position());
            }
        } finally {
            hashers.shutdownNow();
        }
    }

    /** Reads the page that could not be read event by event. */
    private @Nullable Difference locate(Chain chain, long read, LogDamaged damage, ExecutorService hashers) {
        long after = read;
        LogDamaged found = damage;
        try {
            while (true) {
                List<RecordedEvent> one = log.read(after, 1);
                if (one.isEmpty()) {
                    break;
                }
                Difference difference = chain.follow(new Page(one, hashers));
                if (difference != null) {
                    return difference;
                }
                after = one.getFirst().position();
            }
        } catch (LogDamaged e) {
            found = e;
        }
        Difference otherHead = chain.otherHead;
        return otherHead != null
                ? otherHead
                : new Difference(
                        after + 1,
                        null,
                        found.isGap() ? Fault.GAP : Fault.UNREADABLE,
                        String.valueOf(found.getMessage()));
    }

    /** What the chain needs of an event, and takes long to compute. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Hashed(
            byte[] entry, StreamTable.Key stream, @Nullable String fault) {}

    private static Hashed hashed(MessageDigest digest, RecordedEvent event) {
        byte[] entry = new HashedEvent(event.asNew())
                .entry(event.position(), Rfc3339.format(event.recordedAt()))
                .getBytes(UTF_8);
        return new Hashed(entry, StreamTable.Key.of(digest, event.stream()), keyFault(event));
    }

    /** The key is no part of the entry, but the metadata has its two parts. */
    private static @Nullable String keyFault(RecordedEvent event) {
        boolean isFirst = event.position() == event.commit();
        boolean hasKey = event.key() != null || (isFirst && event.metadata().contains("\"idempotencyKey\":\""));
        if (!hasKey || event.commitments().metadataSalt() == null) {
            return null;
        }
        EventMetadata metadata;
        try {
            metadata = EventJson.readMetadata(event.metadata());
        } catch (JacksonException | IllegalArgumentException e) {
            return null; // The fold tells.
        }
        if (metadata == null) {
            return null;
        }
        String key = metadata.idempotencyKey();
        boolean same = key == null
                ? event.key() == null
                : event.key() != null
                        && new IdempotencyKey(metadata.actor(), key)
                                .storedForms(true)
                                .contains(event.key());
        return same ? null : "its idempotency key is not that of its metadata";
    }

    /** Events whose entries are being hashed. */
    private static final class Page {
        private final List<RecordedEvent> events;
        private final List<CompletableFuture<List<Hashed>>> slices = new ArrayList<>();

        Page(List<RecordedEvent> events, ExecutorService hashers) {
            this.events = events;
            for (int from = 0; from < events.size(); from += SLICE) {
                List<RecordedEvent> slice = events.subList(from, Math.min(events.size(), from + SLICE));
                slices.add(CompletableFuture.supplyAsync(
                        () -> {
                            MessageDigest digest = CommitHash.digest();
                            return slice.stream()
                                    .map(event -> hashed(digest, event))
                                    .toList();
                        },
                        hashers));
            }
        }
    }

    /** The chain so far, and the commit that is being read. */
    private final class Chain {
        private final @Nullable KeptHead kept;
        private final Set<Erased> erasures = new HashSet<>();

        /** The position before the first event, and the number of the commits before it. */
        private final long from;

        private final long commitsBefore;

        /** The next sequences of the streams where the chain begins within the log; null where it begins with the log. */
        private final @Nullable Map<StreamTable.Key, Long> next;

        /** As of the last whole commit. */
        private String hash = CommitHash.NONE;

        private long events;
        private long commits;
        private long erased;

        private @Nullable RecordedEvent first;
        private @Nullable MessageDigest digest;
        private long position;
        private long erasedInCommit;
        private Instant time = Instant.MIN;
        private @Nullable Difference otherHead;

        private record Erased(long position, boolean metadata) {}

        Chain(@Nullable KeptHead kept) {
            this.kept = kept;
            this.from = 0;
            this.commitsBefore = 0;
            this.next = null;
            readErasures();
            if (kept != null && kept.position() == 0 && !kept.hash().equals(CommitHash.NONE)) {
                otherHead = otherHead(0, null);
            }
        }

        /** Begins behind the last event of a commit. */
        Chain(RecordedEvent last) {
            this.kept = null;
            this.from = last.position();
            this.commitsBefore = last.commitNumber();
            this.next = new HashMap<>();
            this.hash = last.hash();
            this.events = from;
            this.commits = commitsBefore;
            this.position = from;
            this.time = last.recordedAt();
            readErasures();
        }

        private void readErasures() {
            log.erasures().forEach(erasure -> erasures.add(new Erased(erasure.position(), erasure.metadata())));
        }

        private long expected(RecordedEvent event, StreamTable.Key stream) {
            if (next == null) {
                return streams.advance(stream);
            }
            Long known = next.put(stream, event.sequence() + 1);
            return known == null ? event.sequence() : known;
        }

        private Difference otherHead(long at, @Nullable String stream) {
            return new Difference(at, stream, Fault.HASH, "the given hash is not that of position " + at);
        }

        @Nullable
        Difference follow(Page page) {
            int next = 0;
            for (CompletableFuture<List<Hashed>> slice : page.slices) {
                List<Hashed> entries;
                try {
                    entries = slice.join();
                } catch (CompletionException e) {
                    throw new IllegalStateException("entries could not be hashed", e.getCause());
                }
                for (Hashed hashed : entries) {
                    Difference difference = follow(page.events.get(next++), hashed);
                    if (difference != null) {
                        return difference;
                    }
                }
            }
            return null;
        }

        private @Nullable Difference follow(RecordedEvent event, Hashed hashed) {
            if (event.commit() == event.position()) {
                Difference before = end();
                if (before != null) {
                    return before;
                }
                first = event;
                digest = CommitHash.digest();
                digest.update(CommitHash.HEX.parseHex(hash));
                erasedInCommit = 0;
            }
            String fault = outOfCommit(event);
            if (fault == null && digest != null) {
                digest.update(hashed.entry());
                return within(event, hashed);
            }
            return fault(event, Fault.HASH, String.valueOf(fault));
        }

        private static Difference fault(RecordedEvent event, Fault what, String detail) {
            return new Difference(event.position(), event.stream(), what, detail);
        }

        private @Nullable String outOfCommit(RecordedEvent event) {
            RecordedEvent begun = first;
            if (begun == null
                    || event.commit() != begun.position()
                    || !event.hash().equals(begun.hash())) {
                return "it is not of the commit that it stands in";
            }
            return event.commitNumber() == commits + 1
                    ? null
                    : "its commit has the number " + event.commitNumber() + " and not " + (commits + 1);
        }

        private @Nullable Difference within(RecordedEvent event, Hashed hashed) {
            long sequence = expected(event, hashed.stream());
            if (event.sequence() != sequence) {
                return fault(
                        event,
                        Fault.SEQUENCE,
                        "it is version " + event.version() + " of its issue, and the next is " + (sequence + 1));
            }
            if (event.recordedAt().isBefore(time)) {
                return fault(event, Fault.TIME, "it was recorded before its predecessor");
            }
            if (hasTwoLines(event.stream()) || hasTwoLines(event.type()) || hasTwoLines(event.revision())) {
                return fault(event, Fault.UNREADABLE, "a field of its entry has two lines");
            }
            boolean payload = event.commitments().payloadSalt() == null;
            boolean metadata = event.commitments().metadataSalt() == null;
            if (payload || metadata) {
                if (!erasures.contains(new Erased(event.position(), true))
                        && (metadata || !erasures.contains(new Erased(event.position(), false)))) {
                    return fault(event, Fault.HASH, "a text is erased, and no erasure is recorded");
                }
                erasedInCommit++;
            }
            if (hashed.fault() != null) {
                return fault(event, Fault.HASH, hashed.fault());
            }
            time = event.recordedAt();
            position = event.position();
            return null;
        }

        private static boolean hasTwoLines(String text) {
            return text.indexOf('\n') >= 0;
        }

        /** Ends the commit that is being read. */
        @Nullable
        Difference end() {
            if (digest != null && first != null) {
                String computed = CommitHash.HEX.formatHex(digest.digest());
                if (!computed.equals(first.hash())) {
                    return fault(first, Fault.HASH, "its commit's hash is wrong");
                }
                if (kept != null
                        && kept.position() >= first.position()
                        && kept.position() <= position
                        && !kept.hash().equals(computed)) {
                    return otherHead(first.position(), first.stream());
                }
                hash = computed;
                commits++;
                events = position;
                erased += erasedInCommit;
                digest = null;
                first = null;
            }
            return otherHead;
        }
    }
}
