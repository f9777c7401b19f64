package issueledger.history;

import issueledger.admission.Overloaded.Reason;
import issueledger.admission.Turns.Turn;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Releases the request's place during each write, so that a client that never reads delays no other. */
public final class YieldingStream extends FilterOutputStream {
    private static final int BUFFER = 32 * 1024;

    private final Turn turn;

    private YieldingStream(OutputStream out, Turn turn) {
        super(out);
        this.turn = turn;
    }

    /** Buffers the output, so that one pause is for several events. */
    public static OutputStream around(OutputStream out, @Nullable Turn turn) {
        return turn == null ? out : new BufferedOutputStream(new YieldingStream(out, turn), BUFFER);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        turn.pause(Reason.LONG_REQUESTS);
        out.write(bytes, from, length);
        turn.resume();
    }

    @Override
    public void flush() throws IOException {
        turn.pause(Reason.LONG_REQUESTS);
        out.flush();
        turn.resume();
    }
}
