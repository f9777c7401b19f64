package issueledger.projections;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.projections.Generation.Checkpoint;
import issueledger.projections.Generation.Parked;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The right to feed a projection, and its generations, in a store of either kind. */
@Timeout(60)
abstract class FeedContract {
    static final String VIEWS = "notes-1";
    static final Checkpoint EMPTY = new Checkpoint(0, "", 0);
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    /** The feed of one more process. */
    abstract Feed process();

    /** Ends a process that does not die. */
    abstract void end(Feed feed);

    static Feed leading(Feed feed) {
        long until = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!feed.acquire() && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertThat(feed.isHeld()).isTrue();
        return feed;
    }

    /** A process without the right, which has looked. */
    static Feed following(Feed feed) {
        assertThat(feed.acquire()).isFalse();
        assertThat(feed.isHeld()).isFalse();
        return feed;
    }

    static Generation served(Feed feed) {
        return Objects.requireNonNull(feed.served());
    }

    static boolean write(Generation generation, Checkpoint checkpoint, Parked... parked) {
        return generation.write(() -> {}, List.of(parked), List.of(), checkpoint);
    }

    static Parked parked(long position, String issue, String error) {
        return new Parked(position, issue, "NoteRecorded", error, NOON);
    }

    @Test
    void one_process_has_the_right_to_feed_and_the_others_see_its_writes() {
        Feed leader = leading(process());
        Feed other = following(process());
        assertThat(other.served()).isNull();
        Generation generation = leader.begin();
        leader.serve(generation);
        Checkpoint seven = new Checkpoint(7, "h7", 1);

        assertThat(write(generation, seven, parked(5, "i-1", "unreadable"))).isTrue();

        following(other);
        assertThat(served(other).number()).isEqualTo(generation.number());
        assertThat(served(other).checkpoint()).isEqualTo(seven);
        assertThat(served(other).parked(0, 10)).containsExactly(parked(5, "i-1", "unreadable"));
        assertThat(served(other).parkedIssues()).isEqualTo(Map.of("i-1", 5L));
        assertThat(leader.keep()).isTrue();
        assertThat(leader.acquire()).isTrue();
    }

    @Test
    void a_right_that_is_released_is_taken_at_the_next_look_and_the_views_go_on() {
        Feed leader = leading(process());
        Generation generation = leader.begin();
        leader.serve(generation);
        write(generation, new Checkpoint(3, "h3", 0));
        Feed other = following(process());

        end(leader);

        assertThat(leader.isHeld()).isFalse();
        assertThat(other.acquire()).isTrue();
        assertThat(served(other).checkpoint()).isEqualTo(new Checkpoint(3, "h3", 0));
        assertThat(write(served(other), new Checkpoint(4, "h4", 0))).isTrue();
        assertThat(served(other).checkpoint()).isEqualTo(new Checkpoint(4, "h4", 0));
    }

    @Test
    void a_generation_that_is_begun_is_empty_and_not_served() {
        Feed leader = leading(process());

        Generation generation = leader.begin();

        assertThat(leader.served()).isNull();
        assertThat(leader.others()).extracting(Generation::number).containsExactly(generation.number());
        assertThat(generation.checkpoint()).isEqualTo(EMPTY);
        assertThat(generation.parkedCount()).isZero();
        assertThat(generation.parkedIssues()).isEmpty();
        assertThat(generation.parked(0, 10)).isEmpty();
    }

    @Test
    void one_generation_is_served_at_a_time() {
        Feed leader = leading(process());
        Generation old = leader.begin();
        leader.serve(old);
        Generation next = leader.begin();
        assertThat(served(leader).number()).isEqualTo(old.number());

        leader.serve(next);

        assertThat(served(leader).number()).isEqualTo(next.number());
        assertThat(leader.others()).extracting(Generation::number).containsExactly(old.number());

        leader.serve(null);

        assertThat(leader.served()).isNull();
        assertThat(leader.others()).extracting(Generation::number).containsExactly(old.number(), next.number());
        Feed other = following(process());
        assertThat(other.served()).isNull();
    }

    @Test
    void generations_do_not_share_checkpoints_and_parked_events() {
        Feed leader = leading(process());
        Generation old = leader.begin();
        Generation next = leader.begin();

        write(old, new Checkpoint(7, "h7", 0), parked(5, "i-1", "unreadable"));

        assertThat(next.checkpoint()).isEqualTo(EMPTY);
        assertThat(next.parkedCount()).isZero();
        assertThat(old.checkpoint().position()).isEqualTo(7);
    }

    @Test
    void a_dropped_generation_is_gone_and_its_number_is_not_used_again() {
        Feed leader = leading(process());
        Generation first = leader.begin();
        write(first, new Checkpoint(7, "h7", 0), parked(5, "i-1", "unreadable"));

        leader.drop(first);

        assertThat(leader.others()).isEmpty();
        Generation second = leader.begin();
        assertThat(second.number()).isGreaterThan(first.number());
        assertThat(second.checkpoint()).isEqualTo(EMPTY);
        assertThat(second.parkedCount()).isZero();
        end(leader);
        assertThat(leading(process()).begin().number()).isGreaterThan(second.number());
    }

    @Test
    void parked_events_are_read_in_pages_in_the_order_of_their_positions() {
        Generation generation = leading(process()).begin();

        write(generation, new Checkpoint(9, "h9", 0), parked(8, "i-2", "b"), parked(3, "i-1", "a"));
        write(generation, new Checkpoint(12, "h12", 0), parked(12, "i-1", "after"));

        assertThat(generation.parked(0, 2)).containsExactly(parked(3, "i-1", "a"), parked(8, "i-2", "b"));
        assertThat(generation.parked(8, 2)).containsExactly(parked(12, "i-1", "after"));
        assertThat(generation.parkedIssues()).isEqualTo(Map.of("i-1", 3L, "i-2", 8L));
        assertThat(generation.parkedCount()).isEqualTo(3);
    }

    @Test
    void an_event_that_is_parked_twice_keeps_its_first_error() {
        Generation generation = leading(process()).begin();
        write(generation, new Checkpoint(3, "h3", 0), parked(3, "i-1", "first"));

        write(generation, new Checkpoint(3, "h3", 0), parked(3, "i-1", "second"));

        assertThat(generation.parked(0, 10)).containsExactly(parked(3, "i-1", "first"));
    }

    @Test
    void a_retry_replaces_the_parked_events_of_its_issues_only() {
        Generation generation = leading(process()).begin();
        Checkpoint nine = new Checkpoint(9, "h9", 0);
        write(generation, nine, parked(3, "i-1", "a"), parked(4, "i-2", "b"), parked(5, "i-1", "c"));

        generation.write(() -> {}, List.of(parked(5, "i-1", "still")), List.of("i-1"), nine);

        assertThat(generation.parked(0, 10)).containsExactly(parked(4, "i-2", "b"), parked(5, "i-1", "still"));
        assertThat(generation.checkpoint()).isEqualTo(nine);
    }

    @Test
    void every_process_reads_and_writes_notes() {
        Feed leader = leading(process());
        Feed other = following(process());
        assertThat(leader.note("rebuild")).isEmpty();
        assertThat(other.note("rebuild")).isEmpty();

        other.note("rebuild", "ordered");
        assertThat(leader.note("rebuild")).contains("ordered");
        leader.note("rebuild", "{\"done\": \"é\"}");

        assertThat(other.note("rebuild")).contains("{\"done\": \"é\"}");
        assertThat(other.note("retry")).isEmpty();
    }
}
