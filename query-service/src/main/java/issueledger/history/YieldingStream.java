package issueledger.history;

import issueledger.admission.Overloaded.Reason;
import issueledger.admission.Turns.Turn;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Releases the request's place during each write, so that a client that never reads delays no other. */
public final class YieldingStream extends FilterOutputStream {
    private final Turn turn;

    public YieldingStream(OutputStream out, Turn turn) {
        super(out);
        this.turn = turn;
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
