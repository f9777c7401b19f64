package issueledger.web.bulk;

import issueledger.web.BodyMemoryLimit;
import issueledger.web.JsonBody;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Splits a stream into lines; holds one of them, and no more of it than a body may have. */
final class Lines {
    private static final int CHUNK = 8 * 1024;

    private final InputStream in;
    private final BodyMemoryLimit.Share share;
    private final byte[] chunk = new byte[CHUNK];
    private byte[] line = new byte[CHUNK / 8];
    private int from;
    private int to;
    private long number;

    Lines(InputStream in, BodyMemoryLimit.Share share) {
        this.in = in;
        this.share = share;
    }

    /** The number of the line that was read last, or that could not be; the first is 1. */
    long number() {
        return number;
    }

    /**
     * The next line without its end, null after the last. One that is longer than {@link JsonBody#MOST} is cut behind the byte that is
     * too many.
     *
     * @throws IOException where the stream ends before its end
     */
    byte @Nullable [] next() throws IOException {
        number++;
        int length = 0;
        while (true) {
            if (from == to) {
                from = 0;
                to = Math.max(0, in.read(chunk));
                if (to == 0) {
                    return length == 0 ? null : line(length);
                }
            }
            int end = from;
            while (end < to && chunk[end] != '\n') {
                end++;
            }
            int kept = Math.min(end - from, JsonBody.MOST + 1 - length);
            if (length + kept > line.length) {
                grow(length + kept);
            }
            System.arraycopy(chunk, from, line, length, kept);
            length += kept;
            from = end;
            if (end < to) {
                from++;
                return line(length);
            }
        }
    }

    /** A carriage return before the line feed is part of the end. */
    private byte[] line(int length) {
        return Arrays.copyOf(line, length > 0 && line[length - 1] == '\r' ? length - 1 : length);
    }

    private void grow(int least) {
        int size = Math.min(Math.max(least, line.length * 2), JsonBody.MOST + 1);
        if (size > BodyMemoryLimit.FREE) {
            share.arriving(size - Math.max(line.length, BodyMemoryLimit.FREE));
        }
        line = Arrays.copyOf(line, size);
    }
}
