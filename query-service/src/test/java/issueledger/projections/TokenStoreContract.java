package issueledger.projections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import issueledger.log.StoppedClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.eventhandling.tokenstore.UnableToInitializeTokenException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Axon's contract of a token store, for two processes on one view store. */
abstract class TokenStoreContract {
    private static final TrackingToken SEVEN = new GlobalSequenceTrackingToken(7);
    private static final TrackingToken EIGHT = new GlobalSequenceTrackingToken(8);

    private final StoppedClock clock = new StoppedClock("2026-03-01T08:00:00Z");
    private int erasures;
    private ProcessorTokens tokens;
    private ViewTokenStore one;
    private ViewTokenStore other;

    abstract ProcessorTokens tokens();

    @BeforeEach
    void startTwoProcesses() {
        tokens = tokens();
        one = store();
        other = store();
    }

    private ViewTokenStore store() {
        return new ViewTokenStore(tokens, clock, () -> erasures);
    }

    @Test
    void a_stored_token_is_read_back_by_another_process_once_it_is_released() {
        one.initializeTokenSegments("actors", 1);
        assertThat(one.fetchToken("actors", 0)).isNull();
        TrackingToken replay = ReplayToken.createReplayToken(EIGHT, SEVEN, "why");

        one.storeToken(replay, "actors", 0);
        one.releaseClaim("actors", 0);

        assertThat(other.fetchToken("actors", 0)).isEqualTo(replay);
        other.storeToken(null, "actors", 0);
        assertThat(other.fetchToken("actors", 0)).isNull();
    }

    @Test
    void two_claims_on_a_segment_exclude_each_other() {
        one.initializeTokenSegments("actors", 2, SEVEN);

        assertThat(one.fetchToken("actors", 0)).isEqualTo(SEVEN);

        assertThatThrownBy(() -> other.fetchToken("actors", 0)).isInstanceOf(UnableToClaimTokenException.class);
        assertThatThrownBy(() -> other.storeToken(EIGHT, "actors", 0)).isInstanceOf(UnableToClaimTokenException.class);
        assertThatThrownBy(() -> other.extendClaim("actors", 0)).isInstanceOf(UnableToClaimTokenException.class);
        assertThatThrownBy(() -> other.deleteToken("actors", 0)).isInstanceOf(UnableToClaimTokenException.class);
        other.releaseClaim("actors", 0);
        assertThat(one.fetchToken("actors", 0)).isEqualTo(SEVEN);
        assertThat(other.fetchToken("actors", 1)).isEqualTo(SEVEN);
    }

    @Test
    void of_processes_that_claim_at_the_same_moment_one_gets_the_segment() throws Exception {
        try (ExecutorService processes = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int segment = 0; segment < 20; segment++) {
                int of = segment;
                one.initializeSegment(SEVEN, "actors", of);
                CountDownLatch go = new CountDownLatch(1);
                AtomicInteger claims = new AtomicInteger();
                List<Future<?>> tries = IntStream.range(0, 6)
                        .<Future<?>>mapToObj(n -> processes.submit(() -> {
                            go.await();
                            try {
                                store().fetchToken("actors", of);
                                claims.incrementAndGet();
                            } catch (UnableToClaimTokenException e) {
                                // Another one has it.
                            }
                            return null;
                        }))
                        .toList();
                go.countDown();
                for (Future<?> each : tries) {
                    each.get();
                }
                assertThat(claims).hasValue(1);
            }
        }
    }

    @Test
    void threads_of_the_process_that_has_the_claim_do_not_lose_each_others_tokens() throws Exception {
        one.initializeTokenSegments("actors", 1);
        one.fetchToken("actors", 0);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> extending = threads.submit(() -> {
                for (int i = 0; i < 200; i++) {
                    one.extendClaim("actors", 0);
                }
            });
            for (int position = 1; position <= 200; position++) {
                one.storeToken(new GlobalSequenceTrackingToken(position), "actors", 0);
                assertThat(one.fetchToken("actors", 0)).isEqualTo(new GlobalSequenceTrackingToken(position));
            }
            extending.get();
        }
    }

    @Test
    void a_claim_that_is_not_extended_can_be_taken_after_ten_seconds() {
        one.initializeTokenSegments("actors", 1, SEVEN);
        one.fetchToken("actors", 0);
        clock.pass(Duration.ofSeconds(8));
        one.extendClaim("actors", 0);
        clock.pass(Duration.ofSeconds(8));
        assertThat(other.fetchAvailableSegments("actors")).isEmpty();
        assertThatThrownBy(() -> other.fetchToken("actors", 0)).isInstanceOf(UnableToClaimTokenException.class);

        clock.pass(Duration.ofMillis(2_001));

        assertThat(other.fetchAvailableSegments("actors")).containsExactly(Segment.ROOT_SEGMENT);
        assertThat(other.fetchToken("actors", 0)).isEqualTo(SEVEN);
        assertThatThrownBy(() -> one.storeToken(EIGHT, "actors", 0)).isInstanceOf(UnableToClaimTokenException.class);
    }

    @Test
    void a_segment_is_initialized_once_and_before_it_is_used() {
        assertThat(one.requiresExplicitSegmentInitialization()).isTrue();
        assertThat(one.fetchSegments("actors")).isEmpty();
        assertThat(one.fetchAvailableSegments("actors")).isEmpty();
        assertThatThrownBy(() -> one.fetchToken("actors", 0)).isInstanceOf(UnableToClaimTokenException.class);
        assertThatThrownBy(() -> one.storeToken(SEVEN, "actors", 0)).isInstanceOf(UnableToClaimTokenException.class);

        one.initializeTokenSegments("actors", 2, SEVEN);

        assertThatThrownBy(() -> other.initializeTokenSegments("actors", 1))
                .isInstanceOf(UnableToClaimTokenException.class);
        assertThatThrownBy(() -> other.initializeSegment(null, "actors", 1))
                .isInstanceOf(UnableToInitializeTokenException.class);
        assertThat(other.fetchSegments("actors")).containsExactly(0, 1);
        assertThat(other.fetchSegments("labels")).isEmpty();
    }

    @Test
    void a_segment_that_was_split_or_merged_since_cannot_be_claimed() {
        one.initializeTokenSegments("actors", 2, SEVEN);

        assertThatThrownBy(() -> one.fetchToken("actors", Segment.ROOT_SEGMENT))
                .isInstanceOf(UnableToClaimTokenException.class);
        assertThat(one.fetchToken("actors", Segment.computeSegment(1, 0, 1))).isEqualTo(SEVEN);
        one.deleteToken("actors", 1);
        assertThat(one.fetchSegments("actors")).containsExactly(0);
        assertThatThrownBy(() -> one.fetchToken("actors", Segment.computeSegment(0, 0, 1)))
                .isInstanceOf(UnableToClaimTokenException.class);
    }

    @Test
    void a_token_that_is_lost_while_its_processor_runs_is_initialized_again() {
        one.initializeTokenSegments("actors", 1, SEVEN);
        one.fetchToken("actors", 0);
        tokens.delete(tokens.row("actors", 0).orElseThrow());

        assertThatThrownBy(() -> one.storeToken(EIGHT, "actors", 0)).isInstanceOf(UnableToClaimTokenException.class);
        assertThat(one.fetchAvailableSegments("actors")).containsExactly(Segment.ROOT_SEGMENT);
        assertThat(one.fetchToken("actors", Segment.ROOT_SEGMENT)).isNull();
    }

    @Test
    void a_token_from_before_an_erasure_is_known_until_it_is_stored_again() {
        one.initializeTokenSegments("actors", 1, SEVEN);
        assertThat(one.isBehindAnErasure("actors")).isFalse();

        erasures = 1;
        one.fetchToken("actors", 0);
        assertThat(one.isBehindAnErasure("actors")).isTrue();

        one.storeToken(SEVEN, "actors", 0);
        assertThat(one.isBehindAnErasure("actors")).isFalse();
    }

    @Test
    void all_processes_know_the_store_under_one_identifier() {
        assertThat(one.retrieveStorageIdentifier()).isPresent().isEqualTo(other.retrieveStorageIdentifier());
    }
}
