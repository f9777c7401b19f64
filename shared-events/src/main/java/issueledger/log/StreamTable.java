package issueledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.BitSet;

/**
 * The streams of a log with the next sequence of each, in 20 bytes a stream. Streams are told apart by 128 bits of SHA-256. Used by one
 * thread at a time.
 */
public final class StreamTable {
    private static final int INITIAL = 1 << 12;

    private long[] high = new long[INITIAL];
    private long[] low = new long[INITIAL];

    /** The next sequence; 0 in a free place. */
    private int[] next = new int[INITIAL];

    private int size;
    private BitSet marked = new BitSet();

    /** A stream's key. */
    record Key(long high, long low) {
        static Key of(MessageDigest digest, String stream) {
            ByteBuffer hash = ByteBuffer.wrap(digest.digest(stream.getBytes(UTF_8)));
            return new Key(hash.getLong(), hash.getLong());
        }
    }

    /** The number of streams. */
    public int size() {
        return size;
    }

    /** The next sequence of a stream, 0 if it is not in the table. Takes the stream in, or moves it on by one. */
    long advance(Key key) {
        if (4L * size > 3L * next.length) {
            grow();
        }
        int place = place(key);
        if (next[place] == 0) {
            high[place] = key.high();
            low[place] = key.low();
            size++;
        }
        return next[place]++;
    }

    private int place(Key key) {
        int place = (int) key.low() & (next.length - 1);
        while (next[place] != 0 && (high[place] != key.high() || low[place] != key.low())) {
            place = (place + 1) & (next.length - 1);
        }
        return place;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        int[] oldNext = next;
        high = new long[2 * oldNext.length];
        low = new long[2 * oldNext.length];
        next = new int[2 * oldNext.length];
        for (int i = 0; i < oldNext.length; i++) {
            if (oldNext[i] != 0) {
                int place = place(new Key(oldHigh[i], oldLow[i]));
                high[place] = oldHigh[i];
                low[place] = oldLow[i];
                next[place] = oldNext[i];
            }
        }
        marked = new BitSet(); // Places have changed.
    }

    /** Marks a stream; one that is not in the table is ignored. */
    public void mark(String stream) {
        int place = place(Key.of(CommitHash.digest(), stream));
        if (next[place] != 0) {
            marked.set(place);
        }
    }

    public boolean isMarked(String stream) {
        return marked.get(place(Key.of(CommitHash.digest(), stream)));
    }

    /** The number of marked streams. */
    public int marked() {
        return marked.cardinality();
    }

    public void unmark() {
        marked.clear();
    }
}
