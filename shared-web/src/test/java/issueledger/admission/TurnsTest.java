package issueledger.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.netflix.concurrency.limits.limit.AIMDLimit;
import com.netflix.concurrency.limits.limit.FixedLimit;
import issueledger.admission.Overloaded.Reason;
import issueledger.admission.Turns.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final AtomicInteger sheds = new AtomicInteger();
    private final Turns turns = turns(2);

    private Turns turns(int places) {
        return new Turns(FixedLimit.of(places), Reason.QUEUE, 3, sheds::incrementAndGet, System::nanoTime);
    }

    /** Begins with 16 places; an answer that takes more than 100 ms is slow. */
    private static Turns adaptive(AtomicLong clock) {
        return new Turns(
                AIMDLimit.newBuilder()
                        .initialLimit(16)
                        .minLimit(8)
                        .timeout(100, TimeUnit.MILLISECONDS)
                        .build(),
                Reason.QUEUE,
                3,
                () -> {},
                clock::get);
    }

    /** A request on a thread of its own. */
    private static CompletableFuture<Turn> later(Turns turns, String client, Duration patience) {
        CompletableFuture<Turn> turn = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                turn.complete(turns.take(client, patience, false, false));
            } catch (RuntimeException e) {
                turn.completeExceptionally(e);
            }
        });
        await(() -> thread.getState() == Thread.State.TIMED_WAITING || turn.isDone());
        return turn;
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static Turn get(CompletableFuture<Turn> turn) throws Exception {
        return turn.get(10, TimeUnit.SECONDS);
    }

    private static Overloaded refusal(CompletableFuture<Turn> turn) {
        Throwable failure =
                turn.handle((t, e) -> e).orTimeout(10, TimeUnit.SECONDS).join();
        assertThat(failure).isInstanceOf(Overloaded.class);
        return (Overloaded) failure;
    }

    private Turn take(String client) {
        return turns.take(client, LONG, false, false);
    }

    @Test
    void there_are_as_many_places_as_the_limit_says_and_the_next_waits_for_one() throws Exception {
        Turn first = take("a");
        take("a");
        CompletableFuture<Turn> third = later(turns, "a", LONG);
        assertThat(third).isNotDone();
        assertThat(turns.inFlight()).isEqualTo(2);
        first.close();
        first.close(); // A second time changes nothing.
        get(third).close();
        assertThat(turns.inFlight()).isEqualTo(1);
        assertThat(turns.waiting()).isZero();
    }

    @Test
    void a_request_that_waits_as_long_as_it_may_is_refused_and_leaves_no_trace() {
        take("a");
        take("a");
        Overloaded refusal = refusal(later(turns, "b", Duration.ofMillis(50)));
        assertThat(refusal.reason()).isEqualTo(Reason.DEADLINE);
        assertThat(refusal.status()).isEqualTo(503);
        assertThat(Integer.parseInt(refusal.headers().get("Retry-After"))).isBetween(1, 30);
        assertThat(turns.waiting()).isZero();
        assertThat(turns.shed(Reason.DEADLINE)).isEqualTo(1);
        assertThat(sheds).hasValue(1);
    }

    @Test
    void a_request_that_may_not_wait_is_refused_at_once() {
        take("a");
        take("a");
        Overloaded refusal = catchThrowableOfType(Overloaded.class, () -> turns.take("b", Duration.ZERO, true, false));
        assertThat(refusal.reason()).isEqualTo(Reason.QUEUE);
    }

    @Test
    void a_free_place_goes_to_the_client_that_has_the_fewest() throws Exception {
        Turn first = take("greedy");
        take("greedy");
        CompletableFuture<Turn> more = later(turns, "greedy", LONG);
        CompletableFuture<Turn> modest = later(turns, "modest", LONG);
        first.close();
        get(modest);
        assertThat(more).isNotDone();
    }

    @Test
    void a_full_queue_drops_the_newest_request_of_the_client_that_fills_it() throws Exception {
        Turns full = new Turns(FixedLimit.of(2), Reason.QUEUE, 3, sheds::incrementAndGet, new AtomicLong()::get);
        full.take("greedy", LONG, false, false);
        full.take("greedy", LONG, false, false);
        List<CompletableFuture<Turn>> greedy = new ArrayList<>();
        for (int i = 0; i < Turns.BURST; i++) {
            greedy.add(later(full, "greedy", LONG));
        }
        assertThat(full.isFullFor("greedy")).isTrue();
        assertThat(refusal(later(full, "greedy", LONG)).reason()).isEqualTo(Reason.QUEUE);
        assertThat(full.isFullFor("modest")).isFalse();
        CompletableFuture<Turn> modest = later(full, "modest", LONG);
        assertThat(modest).isNotDone();
        assertThat(refusal(greedy.get(Turns.BURST - 1)).reason()).isEqualTo(Reason.QUEUE);
        assertThat(greedy.get(Turns.BURST - 2)).isNotDone();
    }

    @Test
    void a_queue_that_has_stood_for_long_holds_only_what_is_served_soon() throws Exception {
        AtomicLong clock = new AtomicLong();
        Turns standing = new Turns(FixedLimit.of(2), Reason.QUEUE, 3, sheds::incrementAndGet, clock::get);
        Turn one = standing.take("a", LONG, false, false);
        standing.take("a", LONG, false, false);
        List<CompletableFuture<Turn>> queue = new ArrayList<>();
        for (int i = 0; i < Turns.STANDING_LEAST; i++) {
            queue.add(later(standing, "a", LONG));
        }
        assertThat(standing.isFullFor("a")).isFalse();
        clock.addAndGet(Duration.ofMillis(150).toNanos());
        assertThat(standing.isFullFor("a")).isTrue();
        assertThat(refusal(later(standing, "a", LONG)).reason()).isEqualTo(Reason.QUEUE);
        one.close();
        assertThat(get(queue.get(0))).isNotNull(); // Those that had a place in the queue keep it.
    }

    @Test
    void requests_on_their_way_to_the_queue_count_as_waiting() {
        Turns still = new Turns(FixedLimit.of(2), Reason.QUEUE, 3, sheds::incrementAndGet, new AtomicLong()::get);
        for (int i = 0; i < Turns.BURST; i++) {
            still.arrives();
        }
        assertThat(still.isFullFor("a")).isTrue();
        still.hasArrived();
        assertThat(still.isFullFor("a")).isFalse();
    }

    @Test
    void a_request_that_waits_for_its_body_gives_its_place_to_another_and_takes_one_again_before_new_ones()
            throws Exception {
        Turn slow = take("a");
        Turn other = take("a");
        slow.pause(Reason.BODIES);
        assertThat(turns.paused()).isEqualTo(1);
        Turn next = take("a");
        CompletableFuture<Turn> waits = later(turns, "a", LONG);
        CompletableFuture<Void> resumed = CompletableFuture.runAsync(slow::resume);
        await(() -> turns.waiting() == 2);
        next.close();
        resumed.get(10, TimeUnit.SECONDS);
        assertThat(waits).isNotDone();
        slow.close();
        get(waits);
        other.close();
        assertThat(turns.paused()).isZero();
        assertThat(turns.inFlight()).isEqualTo(1);
    }

    @Test
    void a_paused_request_that_ends_holds_nothing() {
        Turn slow = take("a");
        slow.pause(Reason.BODIES);
        slow.close();
        assertThat(turns.paused()).isZero();
        assertThat(turns.inFlight()).isZero();
    }

    @Test
    void only_so_many_requests_wait_for_their_bodies() {
        take("a").pause(Reason.BODIES);
        take("a").pause(Reason.BODIES);
        Turn third = take("a");
        assertThat(catchThrowableOfType(Overloaded.class, () -> third.pause(Reason.BODIES)))
                .isNotNull(); // The last is for others.
        third.close();
        take("b").pause(Reason.BODIES);
        Turn fourth = take("c");
        Overloaded refusal = catchThrowableOfType(Overloaded.class, () -> fourth.pause(Reason.BODIES));
        assertThat(refusal.reason()).isEqualTo(Reason.BODIES);
        fourth.close();
        assertThat(turns.inFlight()).isZero();
    }

    @Test
    void a_subject_that_has_half_of_the_places_waits_while_others_do() throws Exception {
        Turns four = turns(4);
        List<Turn> greedy = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Turn turn = four.take("balancer", LONG, false, false);
            greedy.add(turn);
            if (i < 2) {
                turn.identify("greedy");
            }
        }
        CompletableFuture<Turn> modest = later(four, "balancer", LONG);
        CompletableFuture<Void> third =
                CompletableFuture.runAsync(() -> greedy.get(2).identify("greedy"));
        get(modest).identify("modest"); // It has the place that the third request had.
        assertThat(third).isNotDone();
        greedy.get(0).close();
        third.get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_subject_that_is_alone_may_have_all_places() {
        Turn first = take("balancer");
        first.identify("only");
        Turn second = take("balancer");
        second.identify("only");
        assertThat(turns.inFlight()).isEqualTo(2);
    }

    @Test
    void slow_answers_make_the_limit_smaller_and_quick_ones_larger() {
        AtomicLong clock = new AtomicLong();
        Turns adaptive = adaptive(clock);
        Turn slow = adaptive.take("a", LONG, false, false);
        clock.addAndGet(Duration.ofMillis(101).toNanos());
        slow.close();
        assertThat(adaptive.limit()).isEqualTo(14);
        List<Turn> all = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            all.add(adaptive.take("a", LONG, false, false));
        }
        clock.addAndGet(Duration.ofMillis(10).toNanos());
        all.forEach(Turn::close);
        assertThat(adaptive.limit()).isGreaterThan(16);
    }

    @Test
    void time_that_a_request_waits_for_its_client_is_not_held_against_the_limit() {
        AtomicLong clock = new AtomicLong();
        Turns adaptive = adaptive(clock);
        Turn slow = adaptive.take("a", LONG, false, false);
        slow.pause(Reason.BODIES);
        clock.addAndGet(Duration.ofSeconds(5).toNanos());
        slow.resume();
        slow.close();
        assertThat(adaptive.limit()).isEqualTo(16);
    }

    @Test
    void retry_after_rises_with_the_excess_and_is_spread() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(Overloaded.retryAfter(1)).isBetween(1, 2);
            assertThat(Overloaded.retryAfter(5)).isBetween(5, 10);
            assertThat(Overloaded.retryAfter(1_000)).isBetween(15, 30);
        }
    }
}
