package issueledger.log.sqlite;

import issueledger.log.CommitHash;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The next sequence of the streams that this process wrote last. It is believed only while the log ends where this process left it:
 * as soon as another has written, everything is forgotten.
 */
final class NextSequences {
    private static final int STREAMS = 20_000;

    private final Map<String, Long> known = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > STREAMS;
        }
    };
    private String head = CommitHash.NONE;

    /** @param hash of the head as it stands under the file's lock */
    void standOn(String hash) {
        if (!hash.equals(head)) {
            known.clear();
            head = hash;
        }
    }

    @Nullable
    Long of(String stream) {
        return known.get(stream);
    }

    void learn(String stream, long next) {
        known.put(stream, next);
    }

    /** The log ends here now, by this process's own commit. */
    void advanceTo(String hash) {
        head = hash;
    }

    /** What was learnt in a transaction that did not stand is worth nothing. */
    void forget() {
        known.clear();
    }
}
