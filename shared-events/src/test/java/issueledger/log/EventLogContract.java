package issueledger.log;

import static issueledger.log.LogExamples.append;
import static issueledger.log.LogExamples.appended;
import static issueledger.log.LogExamples.commit;
import static issueledger.log.LogExamples.keyed;
import static issueledger.log.LogExamples.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import issueledger.log.AppendResult.Appended;
import issueledger.log.AppendResult.Conflict;
import issueledger.log.AppendResult.KeyTaken;
import issueledger.log.AppendResult.Outcome;
import issueledger.log.Commit.IdempotencyKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract of docs/design.md, section 2, point by point; every adapter's test extends it. */
@Timeout(60)
public abstract class EventLogContract {
    protected static final Instant NOW = Instant.parse("2026-02-14T09:30:00.000Z");

    /** Long enough for any machine; what is waited for is expected within 50 ms. */
    private static final Duration LONG = Duration.ofSeconds(10);

    private static final int ALL = 100_000;

    private final List<EventLog> opened = new ArrayList<>();

    /** Opens the test's own store, which other instances may have open, and which is empty at first. */
    protected abstract EventLog open(Clock clock);

    protected final EventLog log(Clock clock) {
        EventLog log = open(clock);
        opened.add(log);
        return log;
    }

    protected final EventLog log() {
        return log(Clock.systemUTC());
    }

    @AfterEach
    void closeLogs() {
        opened.forEach(EventLog::close);
    }

    @Nested
    @DisplayName("1. Positions are dense")
    class Positions {

        @Test
        void an_empty_log_ends_at_zero_and_holds_nothing() {
            EventLog log = log();

            assertThat(log.head()).isEqualTo(new LogHead(0, "0".repeat(64), 0, null));
            assertThat(log.read(0, ALL)).isEmpty();
            assertThat(log.readStream("a", 0, ALL)).isEmpty();
            assertThat(log.append(List.of()).outcomes()).isEmpty();
        }

        @Test
        void the_first_event_has_position_one_and_each_next_the_next() {
            EventLog log = log();

            assertThat(appended(log, commit(note("a", 0), note("a", 1))))
                    .satisfies(a -> assertThat(List.of(a.first(), a.last())).containsExactly(1L, 2L));
            assertThat(appended(log, commit(note("b", 0))))
                    .satisfies(a -> assertThat(List.of(a.first(), a.last())).containsExactly(3L, 3L));

            assertThat(log.read(0, ALL)).extracting(RecordedEvent::position).containsExactly(1L, 2L, 3L);
            assertThat(log.head().position()).isEqualTo(3);
            assertThat(log.head().commits()).isEqualTo(2);
        }

        @Test
        void what_is_refused_leaves_no_gap() {
            EventLog log = log();
            appended(log, keyed("ada", "k", note("a", 0)));

            assertThat(append(log, commit(note("a", 0)))).isInstanceOf(Conflict.class);
            assertThat(append(log, keyed("ada", "k", note("b", 0)))).isInstanceOf(KeyTaken.class);

            assertThat(appended(log, commit(note("c", 0))).first()).isEqualTo(2);
        }

        @Test
        void a_reader_goes_on_where_it_stopped() {
            EventLog log = log();
            for (int i = 0; i < 7; i++) {
                appended(log, commit(note("a", i)));
            }

            assertThat(positions(log.read(0, 3))).containsExactly(1L, 2L, 3L);
            assertThat(positions(log.read(3, 3))).containsExactly(4L, 5L, 6L);
            assertThat(positions(log.read(6, 3))).containsExactly(7L);
            assertThat(log.read(7, 3)).isEmpty();
            assertThat(log.read(1_000, 3)).isEmpty();
        }

        @Test
        void a_reader_may_stop_within_a_commit() {
            EventLog log = log();
            appended(log, commit(note("a", 0), note("a", 1), note("a", 2)));
            appended(log, commit(note("a", 3), note("a", 4)));
            appended(log, commit(note("a", 5)));

            for (int after = 0; after < 6; after++) {
                assertThat(positions(log.read(after, ALL)))
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(after + 1, 6).boxed().toList());
                assertThat(positions(log.read(after, 2)))
                        .containsExactlyElementsOf(LongStream.rangeClosed(after + 1, Math.min(6, after + 2))
                                .boxed()
                                .toList());
            }
        }

        @Test
        void events_are_read_at_their_places() {
            EventLog log = log();
            appended(log, commit(note("a", 0), note("a", 1), note("a", 2)));
            appended(log, commit(note("b", 0)));
            appended(log, commit(note("a", 3), note("b", 1)));
            List<RecordedEvent> all = log.read(0, ALL);

            for (int set = 0; set < 1 << all.size(); set++) {
                int chosen = set;
                List<RecordedEvent> some = all.stream()
                        .filter(event -> (chosen >> event.position() - 1 & 1) == 1)
                        .toList();
                assertThat(log.readAt(places(some))).isEqualTo(some);
            }
        }

        @Test
        void a_place_that_the_log_does_not_have_is_damage() {
            EventLog log = log();
            appended(log, commit(note("a", 0), note("a", 1)));

            assertThatThrownBy(() -> log.readAt(List.of(new Place(1, 1), new Place(3, 3))))
                    .isInstanceOf(LogDamaged.class)
                    .hasMessageContaining("3");
        }

        @Test
        void a_page_of_places_is_bounded_in_characters() {
            EventLog log = log();
            String large = "x".repeat(EventLog.PAGE_CHARACTERS / 2);
            for (int i = 0; i < 4; i++) {
                appended(log, commit(new NewEvent("e-" + i, "a", i, "Note", "1", large, "{}"), note("b", i)));
            }
            List<Place> places = List.of(new Place(1, 1), new Place(3, 3), new Place(5, 5), new Place(7, 7));

            List<RecordedEvent> page = log.readAt(places);

            assertThat(positions(page)).startsWith(1L).hasSizeBetween(1, 3);
            assertThat(positions(log.readAt(places.subList(page.size(), 4))))
                    .startsWith(places.get(page.size()).position());
        }

        private static List<Place> places(List<RecordedEvent> events) {
            return events.stream()
                    .map(event -> new Place(event.position(), event.commit()))
                    .toList();
        }

        @Test
        void a_reader_that_tails_the_log_while_many_write_sees_every_event_once_in_order() throws Exception {
            List<EventLog> logs = List.of(log(), log());
            int writers = 8;
            int commits = 25;
            try (ExecutorService threads = Executors.newCachedThreadPool()) {
                Future<List<Long>> reader = threads.submit(() -> {
                    List<Long> seen = new ArrayList<>();
                    while (seen.size() < writers * commits) {
                        long last = seen.isEmpty() ? 0 : seen.getLast();
                        seen.addAll(positions(logs.get(0).read(last, 10)));
                    }
                    return seen;
                });
                inParallel(
                        threads,
                        IntStream.range(0, writers)
                                .<Callable<Void>>mapToObj(w -> () -> {
                                    for (int i = 0; i < commits; i++) {
                                        appended(logs.get(w % 2), commit(note("writer-" + w, i)));
                                    }
                                    return null;
                                })
                                .toList());

                assertThat(reader.get(30, TimeUnit.SECONDS))
                        .isEqualTo(LongStream.rangeClosed(1, writers * commits)
                                .boxed()
                                .toList());
            }
        }
    }

    @Nested
    @DisplayName("2. A commit is atomic")
    class Commits {

        @Test
        void a_commit_over_two_streams_stands_in_consecutive_positions() {
            EventLog log = log();
            appended(log, commit(note("a", 0)));

            Appended both = appended(log, commit(note("a", 1), note("b", 0), note("a", 2)));

            assertThat(List.of(both.first(), both.last())).containsExactly(2L, 4L);
            assertThat(log.read(1, ALL)).allSatisfy(event -> {
                assertThat(event.commit()).isEqualTo(2);
                assertThat(event.hash()).isEqualTo(both.hash());
                assertThat(event.recordedAt()).isEqualTo(both.recordedAt());
            });
            assertThat(log.read(1, ALL)).extracting(RecordedEvent::stream).containsExactly("a", "b", "a");
            assertThat(log.readStream("a", 0, ALL))
                    .extracting(RecordedEvent::sequence)
                    .containsExactly(0L, 1L, 2L);
        }

        @Test
        void a_commit_of_which_one_event_conflicts_appends_nothing() {
            EventLog log = log();
            appended(log, commit(note("b", 0)));

            assertThat(append(log, commit(note("a", 0), note("b", 0)))).isEqualTo(new Conflict("b", 0, 1));

            assertThat(log.readStream("a", 0, ALL)).isEmpty();
            assertThat(log.head().position()).isEqualTo(1);
        }

        @Test
        void a_reader_never_sees_half_a_commit() throws Exception {
            EventLog writing = log();
            EventLog reading = log();
            AtomicBoolean done = new AtomicBoolean();
            try (ExecutorService threads = Executors.newCachedThreadPool()) {
                Future<?> reader = threads.submit(() -> {
                    do {
                        assertThat(reading.read(0, ALL).size() % 5).isZero();
                        assertThat(reading.head().position() % 5).isZero();
                    } while (!done.get());
                });
                try {
                    for (int i = 0; i < 40; i++) {
                        int first = 5 * i;
                        appended(
                                writing,
                                commit(IntStream.range(first, first + 5)
                                        .mapToObj(n -> note("a", n))
                                        .toArray(NewEvent[]::new)));
                    }
                } finally {
                    done.set(true);
                }
                reader.get(30, TimeUnit.SECONDS);
            }
        }

        @Test
        void payload_and_metadata_are_kept_as_the_exact_text() {
            String payload = "{ \"value\":1.10, \"big\":123456789012345678.900,\"exponent\":1E+2,\n"
                    + "\t\"text\":\"\\u00e9\\/\\\"\\\\\\u0000 🐢 \uD83D\uDC69\u200D\uD83D\uDD2C é e\u0301 \u2028"
                    + " ''\", \"text\":null }";
            String metadata = "{\"reason\":\"„naïve“ 直す\", \"actor\" : \"ada\"}";
            EventLog log = log();
            appended(log, commit(new NewEvent("id-1", "a", 0, "NoteRecorded", "1", payload, metadata)));

            RecordedEvent event = log().read(0, 1).get(0);

            assertThat(event.payload()).isEqualTo(payload);
            assertThat(event.metadata()).isEqualTo(metadata);
            assertThat(event.id()).isEqualTo("id-1");
            assertThat(event.type()).isEqualTo("NoteRecorded");
            assertThat(event.revision()).isEqualTo("1");
            assertThat(event.version()).isEqualTo(1);
        }
    }

    @Nested
    @DisplayName("3. A stream never forks")
    class Streams {

        @Test
        void a_sequence_that_is_taken_is_a_conflict_that_names_the_next() {
            EventLog log = log();
            appended(log, commit(note("a", 0), note("a", 1)));

            assertThat(append(log, commit(note("a", 1)))).isEqualTo(new Conflict("a", 1, 2));
        }

        @Test
        void a_sequence_that_leaves_one_out_is_a_conflict_too() {
            EventLog log = log();

            assertThat(append(log, commit(note("a", 1)))).isEqualTo(new Conflict("a", 1, 0));
            assertThat(append(log, commit(note("b", 0), note("b", 2)))).isEqualTo(new Conflict("b", 2, 1));
        }

        @Test
        void of_many_that_race_for_one_sequence_one_wins() throws Exception {
            List<EventLog> logs = List.of(log(), log(), log());
            try (ExecutorService threads = Executors.newCachedThreadPool()) {
                for (int round = 0; round < 10; round++) {
                    int sequence = round;
                    List<Outcome> outcomes = inParallel(
                            threads,
                            IntStream.range(0, 9)
                                    .<Callable<Outcome>>mapToObj(
                                            i -> () -> append(logs.get(i % 3), commit(rival(i, sequence))))
                                    .toList());

                    assertThat(outcomes).filteredOn(Appended.class::isInstance).hasSize(1);
                    assertThat(outcomes)
                            .filteredOn(o -> !(o instanceof Appended))
                            .containsOnly(new Conflict("a", sequence, sequence + 1));
                }
            }
            assertThat(logs.get(0).readStream("a", 0, ALL))
                    .extracting(RecordedEvent::sequence)
                    .containsExactlyElementsOf(LongStream.range(0, 10).boxed().toList());
        }

        /** Rivals want the same place with events of their own. */
        private NewEvent rival(int number, long sequence) {
            NewEvent note = note("a", sequence);
            return new NewEvent(
                    note.id() + "-" + number,
                    note.stream(),
                    sequence,
                    note.type(),
                    note.revision(),
                    note.payload(),
                    note.metadata());
        }

        @Test
        void a_stream_is_read_from_any_sequence_in_parts() {
            EventLog log = log();
            appended(log, commit(note("a", 0), note("b", 0), note("a", 1), note("a", 2), note("b", 1)));

            assertThat(positions(log.readStream("a", 0, 2))).containsExactly(1L, 3L);
            assertThat(positions(log.readStream("a", 2, 2))).containsExactly(4L);
            assertThat(log.readStream("a", 3, 2)).isEmpty();
            assertThat(log.readStream("A", 0, 2)).isEmpty();
        }
    }

    @Nested
    @DisplayName("4. A read never shows what a crash could take back")
    class Durability {

        @Test
        void what_is_acknowledged_is_there_for_every_other_instance_at_once() {
            EventLog one = log();
            EventLog other = log();

            for (int i = 0; i < 20; i++) {
                Appended done = appended(i % 2 == 0 ? one : other, commit(note("a", i)));
                assertThat((i % 2 == 0 ? other : one).head())
                        .isEqualTo(new LogHead(i + 1, done.hash(), i + 1, done.recordedAt()));
            }
        }

        @Test
        void everything_stands_unchanged_after_the_log_is_opened_again() {
            EventLog before = log();
            appended(before, keyed("ada", "k", note("a", 0), note("b", 0)));
            appended(before, commit(note("a", 1)));
            List<RecordedEvent> events = before.read(0, ALL);
            LogHead head = before.head();
            before.close();

            EventLog after = log();

            assertThat(after.read(0, ALL)).isEqualTo(events);
            assertThat(after.head()).isEqualTo(head);
            assertThat(after.findByIdempotencyKey("ada", "k")).isPresent();
            assertThat(appended(after, commit(note("a", 2))).first()).isEqualTo(4);
        }
    }

    @Nested
    @DisplayName("5. An unknown outcome is resolved, never guessed")
    class Outcomes {

        @Test
        void a_closed_log_says_that_nothing_was_appended() {
            EventLog log = log();
            log.close();

            assertThatThrownBy(() -> append(log, commit(note("a", 0))))
                    .asInstanceOf(type(LogUnavailable.class))
                    .extracting(LogUnavailable::outcome)
                    .isEqualTo(LogUnavailable.Outcome.NOT_APPENDED);
            assertThat(log().head().position()).isZero();
        }

        @Test
        void what_is_sent_again_with_its_key_is_recognised_and_found() {
            EventLog log = log();
            Appended first = appended(log, keyed("ada", "k", note("a", 0), note("a", 1)));

            assertThat(append(log, keyed("ada", "k", note("c", 0), note("c", 1))))
                    .isEqualTo(new KeyTaken(new IdempotencyKey("ada", "k")));

            RecordedCommit found = log.findByIdempotencyKey("ada", "k").orElseThrow();
            assertThat(found.events()).isEqualTo(log.read(0, 2));
            assertThat(found.events().get(0).hash()).isEqualTo(first.hash());
        }

        @Test
        void a_found_commit_has_all_its_events_and_none_of_its_neighbours() {
            EventLog log = log();
            appended(log, commit(note("x", 0)));
            appended(log, keyed("ada", "k", note("a", 0), note("b", 0), note("a", 1)));
            appended(log, keyed("ada", "l", note("x", 1)));

            assertThat(log.findByIdempotencyKey("ada", "k").orElseThrow().events())
                    .extracting(RecordedEvent::position)
                    .containsExactly(2L, 3L, 4L);
            assertThat(log.findByIdempotencyKey("ada", "l").orElseThrow().events())
                    .extracting(RecordedEvent::position)
                    .containsExactly(5L);
        }

        @Test
        void a_key_belongs_to_its_actor() {
            EventLog log = log();
            appended(log, keyed("ada", "k", note("a", 0)));

            assertThat(append(log, keyed("grace", "k", note("b", 0)))).isInstanceOf(Appended.class);
            assertThat(append(log, keyed("ada", "K", note("c", 0)))).isInstanceOf(Appended.class);
            assertThat(log.findByIdempotencyKey("grace", "k").orElseThrow().events())
                    .extracting(RecordedEvent::stream)
                    .containsExactly("b");
            assertThat(log.findByIdempotencyKey("mary", "k")).isEmpty();
        }

        @Test
        void of_many_that_race_with_one_key_one_wins() throws Exception {
            List<EventLog> logs = List.of(log(), log());
            try (ExecutorService threads = Executors.newCachedThreadPool()) {
                List<Outcome> outcomes = inParallel(
                        threads,
                        IntStream.range(0, 8)
                                .<Callable<Outcome>>mapToObj(i ->
                                        () -> append(logs.get(i % 2), keyed("ada", "k", note("stream-" + i, 0))))
                                .toList());

                assertThat(outcomes).filteredOn(Appended.class::isInstance).hasSize(1);
                assertThat(outcomes).filteredOn(KeyTaken.class::isInstance).hasSize(7);
            }
        }
    }

    @Nested
    @DisplayName("6. Time follows position")
    class Time {

        @Test
        void an_event_takes_the_writers_time_in_milliseconds() {
            EventLog log = log(new StoppedClock(Instant.parse("2026-02-14T09:30:00.123987Z")));

            Instant recordedAt = appended(log, commit(note("a", 0))).recordedAt();

            assertThat(recordedAt).isEqualTo("2026-02-14T09:30:00.123Z");
            assertThat(log.read(0, 1).get(0).recordedAt()).isEqualTo(recordedAt);
            assertThat(log.head().recordedAt()).isEqualTo(recordedAt);
        }

        @Test
        void time_never_goes_back_whatever_the_clocks_do() {
            StoppedClock clock = new StoppedClock(NOW);
            EventLog fast = log(new StoppedClock(NOW.plusSeconds(3_600)));
            EventLog own = log(clock);
            appended(own, commit(note("a", 0)));
            appended(fast, commit(note("a", 1)));
            appended(own, commit(note("a", 2)));
            clock.set(NOW.plusSeconds(3_601));
            appended(own, commit(note("a", 3)));
            clock.set(NOW.minusSeconds(1));
            appended(own, commit(note("a", 4)));

            assertThat(own.read(0, ALL))
                    .extracting(RecordedEvent::recordedAt)
                    .containsExactly(
                            NOW,
                            NOW.plusSeconds(3_600),
                            NOW.plusSeconds(3_600),
                            NOW.plusSeconds(3_601),
                            NOW.plusSeconds(3_601));
        }

        @Test
        void a_moment_maps_to_the_last_position_recorded_at_or_before_it() {
            StoppedClock clock = new StoppedClock(NOW);
            EventLog log = log(clock);
            appended(log, commit(note("a", 0), note("a", 1)));
            appended(log, commit(note("a", 2)));
            clock.set(NOW.plusMillis(10));
            appended(log, commit(note("a", 3)));

            assertThat(log.positionAt(NOW.minusMillis(1))).isZero();
            assertThat(log.positionAt(NOW.minusNanos(1))).isZero();
            assertThat(log.positionAt(NOW)).isEqualTo(3);
            assertThat(log.positionAt(NOW.plusMillis(9))).isEqualTo(3);
            assertThat(log.positionAt(NOW.plusMillis(10))).isEqualTo(4);
            assertThat(log.positionAt(NOW.plusMillis(11))).isEqualTo(4);
        }

        @Test
        void the_ends_of_time_map_to_the_ends_of_the_log() {
            EventLog log = log(new StoppedClock(NOW));
            assertThat(log.positionAt(Instant.MAX)).isZero();
            appended(log, commit(note("a", 0)));

            assertThat(log.positionAt(Instant.MIN)).isZero();
            assertThat(log.positionAt(Instant.EPOCH)).isZero();
            assertThat(log.positionAt(Instant.parse("9999-12-31T23:59:59.999Z")))
                    .isEqualTo(1);
            assertThat(log.positionAt(Instant.MAX)).isEqualTo(1);
        }
    }

    @Nested
    @DisplayName("7. Every commit is chained")
    class Chain {

        @Test
        void a_stranger_recomputes_every_hash_from_what_is_read() throws Exception {
            StoppedClock clock = new StoppedClock(NOW);
            EventLog log = log(clock);
            appended(log, commit(note("a", 0), note("b", 0)));
            clock.set(NOW.plusMillis(1_007));
            log.append(List.of(commit(note("a", 1)), commit(note("b", 1, "{\"text\":\"🐢\"}"), note("a", 2))));

            byte[] hash = new byte[32];
            List<RecordedEvent> events = log.read(0, ALL);
            for (int i = 0; i < events.size(); ) {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                digest.update(hash);
                long commit = events.get(i).commit();
                String stored = events.get(i).hash();
                for (; i < events.size() && events.get(i).commit() == commit; i++) {
                    digest.update(entry(events.get(i)).getBytes(StandardCharsets.UTF_8));
                }
                hash = digest.digest();
                assertThat(stored).isEqualTo(HexFormat.of().formatHex(hash));
            }

            assertThat(log.head().hash()).isEqualTo(HexFormat.of().formatHex(hash));
            assertThat(log.head().commits()).isEqualTo(3);
        }

        private static String entry(RecordedEvent e) throws Exception {
            String milliseconds = String.format("%03d", e.recordedAt().toEpochMilli() % 1_000);
            String seconds = e.recordedAt().toString().substring(0, 19);
            return String.join(
                            "\n",
                            "issue-ledger/event/v2",
                            "" + e.position(),
                            e.stream(),
                            "" + e.version(),
                            e.type(),
                            e.revision(),
                            seconds + "." + milliseconds + "Z",
                            salted(e.commitments().payloadSalt(), e.payload()),
                            salted(e.commitments().metadataSalt(), e.metadata()))
                    + "\n";
        }

        private static String salted(@Nullable String salt, String text) throws Exception {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(HexFormat.of().parseHex(String.valueOf(salt)));
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        }

        @Test
        void salts_and_the_request_are_kept_beside_the_entry() {
            EventLog log = log();
            NewEvent first = note("a", 0);
            NewEvent second = note("a", 1);
            String request = "ab".repeat(32);
            appended(log, new Commit(List.of(first, second), null, request, Map.of()));

            assertThat(log.read(0, ALL))
                    .extracting(RecordedEvent::commitments, RecordedEvent::request)
                    .containsExactly(tuple(first.commitments(), request), tuple(second.commitments(), null));
        }

        @Test
        void an_erased_event_is_copied_with_its_commitments_and_hash() {
            EventLog log = log();
            NewEvent whole = note("a", 0);
            Commitments commitments = new Commitments(
                    null,
                    whole.commitments().metadataSalt(),
                    Commitments.commitment(String.valueOf(whole.commitments().payloadSalt()), whole.payload()),
                    null);
            NewEvent erased = new NewEvent(whole.id(), "a", 0, whole.type(), "1", "{}", whole.metadata(), commitments);
            Appended appended = appended(log, commit(erased));

            assertThat(log.read(0, 1).get(0).commitments()).isEqualTo(commitments);
            assertThat(appended.hash())
                    .isEqualTo(CommitHash.of(CommitHash.NONE, 1, List.of(whole), appended.recordedAt()));
        }
    }

    @Nested
    @DisplayName("10. A commit may rest on where other streams end")
    class Expectations {

        @Test
        void it_lands_only_while_they_end_there() {
            EventLog log = log();
            appended(log, commit(note("other", 0)));
            assertThat(append(log, resting(note("a", 0), "other", 1))).isInstanceOf(Appended.class);
            log().append(List.of(commit(note("other", 1))));

            assertThat(append(log, resting(note("a", 1), "other", 1))).isEqualTo(new Conflict("other", 1, 2));
            assertThat(append(log, resting(note("a", 1), "other", 2))).isInstanceOf(Appended.class);
            assertThat(append(log, resting(note("a", 2), "none", 0))).isInstanceOf(Appended.class);
        }

        @Test
        void what_comes_before_it_in_the_same_batch_counts() {
            EventLog log = log();
            List<Outcome> outcomes = log.append(
                            List.of(commit(note("other", 0)), resting(note("a", 0), "other", 0), commit(note("b", 0))))
                    .outcomes();
            assertThat(outcomes.get(1)).isEqualTo(new Conflict("other", 0, 1));
            assertThat(outcomes.get(2)).isInstanceOf(Appended.class);
        }

        @Test
        void of_those_that_rest_on_each_other_one_lands() throws Exception {
            List<EventLog> logs = List.of(log(), log(), log());
            try (ExecutorService threads = Executors.newCachedThreadPool()) {
                for (int round = 0; round < 10; round++) {
                    List<String> streams = List.of("a" + round, "b" + round, "c" + round);
                    streams.forEach(stream -> appended(logs.get(0), commit(note(stream, 0))));
                    List<Callable<Outcome>> racing = new ArrayList<>();
                    for (int i = 0; i < streams.size(); i++) {
                        EventLog log = logs.get(i);
                        Commit commit = resting(note(streams.get(i), 1), streams.get((i + 1) % streams.size()), 1);
                        racing.add(() -> append(log, commit));
                    }
                    long landed = 0;
                    for (Future<Outcome> outcome : threads.invokeAll(racing)) {
                        landed += outcome.get() instanceof Appended ? 1 : 0;
                    }
                    // Each rests on the next one's silence: of three, the first to land and at most the one behind it.
                    assertThat(landed).isBetween(1L, 2L);
                    long written = streams.stream()
                            .filter(stream ->
                                    logs.get(0).readStream(stream, 1, 1).size() == 1)
                            .count();
                    assertThat(written).isEqualTo(landed);
                }
            }
        }

        private static Commit resting(NewEvent event, String other, long next) {
            return new Commit(List.of(event), null, null, Map.of(other, next));
        }
    }

    @Nested
    @DisplayName("8. Append is grouped")
    class Batches {

        @Test
        void a_conflict_fails_that_commit_alone_and_the_rest_are_renumbered() {
            EventLog log = log();
            appended(log, commit(note("a", 0)));

            List<Outcome> outcomes = log.append(List.of(
                            commit(note("b", 0), note("b", 1)),
                            commit(note("c", 0), note("a", 0)),
                            commit(note("a", 1)),
                            commit(note("c", 0))))
                    .outcomes();

            assertThat(outcomes.get(1)).isEqualTo(new Conflict("a", 0, 1));
            assertThat(log.read(0, ALL))
                    .extracting(e -> e.stream() + e.sequence() + "@" + e.commit())
                    .containsExactly("a0@1", "b0@2", "b1@2", "a1@4", "c0@5");
            assertThat(outcomes.stream().filter(Appended.class::isInstance).map(o -> ((Appended) o).first()))
                    .containsExactly(2L, 4L, 5L);
        }

        @Test
        void a_later_commit_of_a_batch_may_stand_on_an_earlier_one() {
            EventLog log = log();

            List<Outcome> outcomes = log.append(List.of(
                            commit(note("a", 0)), commit(note("a", 1)), commit(note("a", 1)), commit(note("a", 2))))
                    .outcomes();

            assertThat(outcomes.get(2)).isEqualTo(new Conflict("a", 1, 2));
            assertThat(log.readStream("a", 0, ALL)).hasSize(3);
        }

        @Test
        void a_key_is_taken_within_a_batch_too() {
            EventLog log = log();

            List<Outcome> outcomes = log.append(
                            List.of(keyed("ada", "k", note("a", 0)), keyed("ada", "k", note("b", 0))))
                    .outcomes();

            assertThat(outcomes.get(1)).isEqualTo(new KeyTaken(new IdempotencyKey("ada", "k")));
            assertThat(log.head().position()).isEqualTo(1);
        }

        @Test
        void every_caller_gets_the_outcome_of_its_own_commit() throws Exception {
            EventLog log = log();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                inParallel(
                        threads,
                        IntStream.range(0, 300)
                                .<Callable<Void>>mapToObj(i -> () -> {
                                    Appended done =
                                            appended(log, commit(note("stream-" + i, 0), note("stream-" + i, 1)));
                                    assertThat(log.read(done.first() - 1, 2))
                                            .extracting(RecordedEvent::stream)
                                            .containsOnly("stream-" + i);
                                    return null;
                                })
                                .toList());
            }
            assertThat(log.head().position()).isEqualTo(600);
        }

        @Test
        void one_appender_has_its_turns_while_another_never_rests() throws Exception {
            EventLog restless = log();
            EventLog other = log();
            AtomicBoolean enough = new AtomicBoolean();
            try (ExecutorService threads = Executors.newCachedThreadPool()) {
                List<Future<Integer>> writers = IntStream.range(0, 16)
                        .mapToObj(i -> threads.submit(() -> {
                            int written = 0;
                            for (; !enough.get(); written++) {
                                appended(restless, commit(note("restless-" + i, written)));
                            }
                            return written;
                        }))
                        .toList();
                try {
                    assertThat(restless.awaitBeyond(100, LONG)).isGreaterThan(100);
                    for (int i = 0; i < 20; i++) {
                        long start = System.nanoTime();
                        appended(other, commit(note("other", i)));
                        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG.dividedBy(5));
                    }
                } finally {
                    enough.set(true);
                }
                int written = 0;
                for (Future<Integer> writer : writers) {
                    written += writer.get();
                }
                assertThat(restless.head().position()).isEqualTo(20 + written);
            }
        }
    }

    @Nested
    @DisplayName("9. A reader is woken")
    class Waking {

        @Test
        void a_local_append_wakes_a_reader() throws Exception {
            assertThatAppendWakes(log(), null);
        }

        @Test
        void another_instances_append_wakes_a_reader() throws Exception {
            assertThatAppendWakes(log(), log());
        }

        private void assertThatAppendWakes(EventLog reading, EventLog other) throws Exception {
            EventLog writing = other == null ? reading : other;
            try (ExecutorService threads = Executors.newCachedThreadPool()) {
                for (int i = 0; i < 5; i++) {
                    long position = i;
                    CountDownLatch waiting = new CountDownLatch(1);
                    Future<Long> woken = threads.submit(() -> {
                        waiting.countDown();
                        return reading.awaitBeyond(position, LONG);
                    });
                    waiting.await();
                    appended(writing, commit(note("a", i)));
                    long appendedAt = System.nanoTime();

                    assertThat(woken.get()).isEqualTo(position + 1);
                    assertThat(Duration.ofNanos(System.nanoTime() - appendedAt)).isLessThan(LONG.dividedBy(5));
                }
            }
        }

        @Test
        void waiting_for_a_position_in_the_log_returns_at_once() throws Exception {
            appended(log(), commit(note("a", 0), note("a", 1)));

            assertThat(log().awaitBeyond(1, LONG)).isEqualTo(2);
        }

        @Test
        void waiting_in_vain_returns_the_head() throws Exception {
            EventLog log = log();
            appended(log, commit(note("a", 0)));

            assertThat(log.awaitBeyond(1, Duration.ofMillis(20))).isEqualTo(1);
            assertThat(log.awaitBeyond(5, Duration.ZERO)).isEqualTo(1);
        }

        @Test
        void a_listener_is_called_when_the_head_moves_until_it_leaves() throws Exception {
            EventLog reading = log();
            EventLog other = log();
            Semaphore left = new Semaphore(0);
            Semaphore staying = new Semaphore(0);
            EventLog.Subscription leaving = reading.onAdvance(left::release);
            reading.onAdvance(staying::release);

            appended(reading, commit(note("a", 0)));
            assertThat(left.tryAcquire(LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
            assertThat(staying.tryAcquire(LONG.toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();

            leaving.close();
            appended(other, commit(note("a", 1)));
            assertThat(staying.tryAcquire(LONG.toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
            assertThat(left.tryAcquire()).isFalse();
        }
    }

    protected static List<Long> positions(List<RecordedEvent> events) {
        return events.stream().map(RecordedEvent::position).toList();
    }

    /** Runs all at once and returns their results. */
    protected static <T> List<T> inParallel(ExecutorService threads, List<Callable<T>> tasks) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<T>> running = tasks.stream()
                .map(task -> threads.submit(() -> {
                    start.await();
                    return task.call();
                }))
                .toList();
        start.countDown();
        List<T> results = new ArrayList<>();
        for (Future<T> one : running) {
            results.add(one.get(30, TimeUnit.SECONDS));
        }
        return results;
    }
}
