package issueledger.log;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The next sequence of the streams that this process wrote last. It is believed only while the log ends where this process left it, or
 * where it has read on to: what stands on another head is forgotten. Used by one thread.
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

    /** @param hash of the head as it stands under the file's lock */
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

    /** The log ends here now, by this process's own commit. */
    public void advanceTo(String hash) {
        head = hash;
    }

    /** The stream's end is to be asked for anew. */
    public void forget(String stream) {
        known.remove(stream);
    }

    /** What was learnt in a transaction that did not stand is worth nothing. */
    public void forget() {
        known.clear();
    }
}
