package issueledger.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.StoppedClock;
import issueledger.proof.Checkpoint;
import issueledger.proof.Hash;
import issueledger.proof.KeySeed;
import issueledger.proof.SignatureType;
import issueledger.proof.SignedNote;
import issueledger.proof.SigningKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of signed checkpoints does. */
abstract class CheckpointStoreContract {
    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");
    private static final LogKeys KEYS = new LogKeys(
            "example.org/log",
            List.of(SigningKey.of("example.org/log", SignatureType.ED25519, KeySeed.freshEd25519())));

    private CheckpointStore store;

    /** An empty one. */
    abstract CheckpointStore open();

    @BeforeEach
    void openIt() {
        store = open();
    }

    private static SignedCheckpoint checkpoint(long number, long size, Instant at) {
        byte[] root = new byte[Hash.BYTES];
        root[0] = (byte) number;
        root[1] = (byte) (number >> 8);
        Hash hash = Hash.of(root);
        SignedNote note = KEYS.sign(new Checkpoint(KEYS.origin(), size, hash), at);
        return new SignedCheckpoint(number, size, hash, at, note.note(), KEYS.text(), false);
    }

    @Test
    void the_last_one_is_the_record_and_each_number_is_given_once() {
        assertThat(store.last()).isEmpty();
        assertThat(store.before(Long.MAX_VALUE, 10)).isEmpty();
        assertThat(store.ofAtMost(5)).isEmpty();
        SignedCheckpoint one = checkpoint(1, 0, START);
        SignedCheckpoint two = checkpoint(2, 7, START.plusMillis(1_234));

        assertThat(store.add(one)).isTrue();
        assertThat(store.add(one)).isFalse();
        assertThat(store.add(two)).isTrue();
        assertThat(store.add(checkpoint(2, 9, START))).isFalse();

        assertThat(store.last()).contains(two);
        assertThat(store.before(Long.MAX_VALUE, 10)).containsExactly(two, one);
        assertThat(store.before(2, 10)).containsExactly(one);
        assertThat(store.after(0, 1)).containsExactly(one);
        assertThat(store.after(1, 10)).containsExactly(two);
        assertThat(store.ofAtMost(6)).contains(one);
        assertThat(store.ofAtMost(7)).contains(two);
    }

    @Test
    void of_two_that_sign_at_once_one_is_first() {
        for (int number = 1; number <= 20; number++) {
            int next = number;
            List<CompletableFuture<Boolean>> both = IntStream.range(0, 2)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> store.add(checkpoint(next, next * 10L + i, START)), Thread::startVirtualThread))
                    .toList();
            assertThat(both.stream().filter(CompletableFuture::join)).hasSize(1);
        }
        assertThat(store.after(0, 100)).hasSize(20);
    }

    @Test
    void a_cosignature_is_added_to_what_it_was_made_of() {
        SignedCheckpoint one = checkpoint(1, 3, START);
        store.add(one);
        SigningKey witness = SigningKey.of("w", SignatureType.COSIGNATURE, KeySeed.freshEd25519());
        SignedCheckpoint cosigned = one.cosigned(
                one.signedNote().with(List.of(witness.sign(one.signedNote().text(), START))));

        assertThat(store.cosign(one, cosigned)).isTrue();
        assertThat(store.cosign(one, cosigned)).isFalse();
        assertThat(store.last()).contains(cosigned);
    }

    @Test
    void of_an_hour_that_is_a_day_past_the_last_one_is_kept_and_what_a_witness_signed() {
        StoppedClock clock = new StoppedClock(START.plus(Duration.ofHours(26)));
        for (int i = 0; i < 4 * 60; i++) {
            store.add(checkpoint(i + 1, i + 1, START.plus(Duration.ofMinutes(i))));
        }
        SignedCheckpoint signed = store.after(9, 1).getFirst();
        store.cosign(signed, signed.cosigned(signed.signedNote()));

        new Thinning(store, clock).thinNow();

        assertThat(store.after(0, 1_000).stream().map(SignedCheckpoint::number))
                .startsWith(10L, 60L, 120L, 121L, 122L)
                .endsWith(239L, 240L)
                .hasSize(3 + 120);
        new Thinning(store, clock).thinNow();
        assertThat(store.after(0, 1_000)).hasSize(3 + 120);
        clock.pass(Duration.ofDays(30));
        new Thinning(store, clock).thinNow();
        assertThat(store.after(0, 1_000).stream().map(SignedCheckpoint::number))
                .containsExactly(10L, 60L, 120L, 180L, 239L, 240L);
        assertThat(store.last().map(SignedCheckpoint::number)).contains(240L);
    }

    @Test
    void a_witness_is_remembered() {
        assertThat(store.witnesses()).isEmpty();
        WitnessState cosigned = new WitnessState(7, START, null);
        store.put("one", cosigned.failed("it is away"));
        store.put("two", WitnessState.NONE.failed("it is away"));
        store.put("one", cosigned);

        assertThat(store.witnesses())
                .isEqualTo(Map.of("one", cosigned, "two", new WitnessState(0, null, "it is away")));
    }
}
