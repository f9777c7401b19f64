package issueledger.tlog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a witness.
 *
 * @param size of the checkpoint that it cosigned last; 0 if there is none
 * @param at when it did
 * @param error why the last attempt failed; null if it did not
 */
record WitnessState(
        long size, @Nullable Instant at, @Nullable String error) {
    static final WitnessState NONE = new WitnessState(0, null, null);

    WitnessState failed(String why) {
        return new WitnessState(size, at, why);
    }
}
