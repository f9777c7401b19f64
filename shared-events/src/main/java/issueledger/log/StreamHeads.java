package issueledger.log;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The next sequence of the streams that this process wrote last. Valid only for the head that this process wrote or has read on to;
 * another head clears it. Used by one thread.
 */
public final class StreamHeads {
    private static final int STREAMS = 20_000;

    private final Map<String, Long> known = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > STREAMS;
        }
    };
    private String head = CommitHash.NONE;

    /** @param hash of the head, read under the file's lock */
    public void standOn(String hash) {
        if (!hash.equals(head)) {
            known.clear();
            head = hash;
        }
    }

    public @Nullable Long of(String stream) {
        return known.get(stream);
    }

    public void learn(String stream, long next) {
        known.put(stream, next);
    }

    /** This process's commit moved the head. */
    public void advanceTo(String hash) {
        head = hash;
    }

    /** The stream's end must be read again. */
    public void forget(String stream) {
        known.remove(stream);
    }

    /** Entries from a transaction that was rolled back are invalid. */
    public void forget() {
        known.clear();
    }
}
